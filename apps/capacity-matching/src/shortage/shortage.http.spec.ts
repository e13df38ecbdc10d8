import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { shortageDeclaredV1, shortageEasedV1 } from '@alliance/contracts';
import { connectDatabase } from '@alliance/read-models';
import { auditor } from '@alliance/service-world';
import { coordinator, MatchingWorld, representativeOf } from '../capacity-matching.given';
import { shortageEvents } from './shortage.events';
import { openShortages, Shortage } from './shortage.read-model';

let world: MatchingWorld;
beforeAll(async () => {
  world = await MatchingWorld.start();
});
afterAll(() => world.stop());

const declare = async (fieldKey: string, regionKey: string, declaredOn: string, shortageId: string = randomUUID()) => {
  const data = { shortageId, fieldKey, regionKey, declaredOn };
  await world.receive({ contract: shortageDeclaredV1, data }, shortageId, 0n);
  return shortageId;
};
const ease = (shortageId: string, easedOn: string) =>
  world.receive({ contract: shortageEasedV1, data: { shortageId, easedOn } }, shortageId, 1n);
const typesOf = async (id: string) => (await world.events(shortageEvents, id)).map(({ type }) => type);
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await sleep(20);
};
const list = async (query: string): Promise<object[]> =>
  (await world.get(`/shortages?${query}`, coordinator)).body.items;

describe('a shortage that the liaison to the public sector declares', () => {
  it('stands in the log of the matching once, however often it is told, until it eases', async () => {
    const id = await declare('accommodation', '09162000', '2026-04-05');
    await declare('accommodation', '09162000', '2026-04-05', id);
    await until(async () => (await list('open=true')).length > 0);
    expect(await list('open=true')).toEqual([
      { shortageId: id, fieldKey: 'accommodation', regionKey: '09162000', declaredOn: '2026-04-05' },
    ]);
    const database = await connectDatabase({ url: world.database.url, entities: [Shortage] });
    expect(await openShortages(database.manager)).toMatchObject([{ id, easedOn: null }]);

    await ease(id, '2026-05-01');
    await ease(id, '2026-05-01');
    const other = await declare('orientation', '11000000', '2026-04-06');
    await until(async () => (await list('open=true')).length === 1 && (await typesOf(id)).length > 1);
    await until(async () => (await list('open=false')).length === 1);
    expect(await typesOf(id)).toEqual(['ShortageHeard', 'ShortageEased']);
    expect(await list('open=false')).toMatchObject([{ shortageId: id, easedOn: '2026-05-01' }]);
    expect((await openShortages(database.manager)).map((one) => one.id)).toEqual([other]);
    await database.destroy();
    const [heard] = await world.events(shortageEvents, id);
    expect(heard?.metadata.actor).toEqual({ subject: 'capacity-matching.shortage', roles: [] });
  });

  it('is not lost where its end comes without it, and keeps none of the others waiting', async () => {
    const strange = randomUUID();
    await ease(strange, '2026-05-01');
    const next = await declare('accommodation', '16000000', '2026-05-02');
    await until(async () => (await typesOf(next)).length === 1);
    expect(await typesOf(strange)).toEqual([]);
  });

  it('is listed page by page, by field and region, for those who work with offers and needs', async () => {
    const ids = [await declare('basic-supplies', '05315000', '2026-01-02')];
    ids.push(await declare('basic-supplies', '05111000', '2026-01-01'));
    await declare('basic-supplies', '06412000', '2026-01-03');
    await until(async () => (await list('fieldKey=basic-supplies')).length === 3);
    const first = await world.get(
      '/shortages?fieldKey=basic-supplies&regionPrefix=05&limit=1',
      representativeOf(randomUUID()),
    );
    expect(first.body.items).toMatchObject([{ shortageId: ids[0] }]);
    const next = `/shortages?fieldKey=basic-supplies&regionPrefix=05&limit=1&cursor=${first.body.nextCursor}`;
    expect((await world.get(next, auditor)).body).toEqual({ items: [expect.objectContaining({ shortageId: ids[1] })] });
    expect((await list('fieldKey=basic-supplies&regionPrefix=05&sort=declaredOn'))[0]).toMatchObject({
      shortageId: ids[1],
    });
    expect((await world.get('/shortages', { subject: 'operator-1', role: 'operator' })).status).toBe(403);
    const wrong = await world.get('/shortages?open=perhaps&regionPrefix=1&fieldKey=X&sort=id', coordinator);
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(
      expect.arrayContaining(['fieldKey', 'open', 'regionPrefix']),
    );
  });
});
