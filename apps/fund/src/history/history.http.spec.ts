import { randomUUID } from 'node:crypto';
import { systemClock } from '@alliance/event-sourcing';
import { createLog, type Role } from '@alliance/service-host';
import { auditor } from '@alliance/service-world';
import { approver, coordinator, FundWorld, officer, representative } from '../fund.given';
import { aGrant, ids } from '../grant/grant.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { potEvents } from '../pot/pot.events';

describe('HTTP for auditors: the same history and at over the API, role auditor, reads logged', () => {
  const lines: string[] = [];
  let world: FundWorld;
  beforeAll(async () => {
    const log = createLog('fund', 'info', { write: (line) => lines.push(line) });
    world = await FundWorld.start({ ROLES: 'http' }, systemClock, log);
    await world.plant(grantEvents, ids.grant, aGrant({ upTo: 'paid' }));
    await world.plant(potEvents, ids.pot, [
      { type: 'PotOpened', data: { name: 'Soforthilfe', currency: 'EUR', openedBy: 'officer-1' } },
      {
        type: 'ReservationDeclined',
        data: {
          ...{ grantId: ids.grant, attempt: 1, amount: { cents: 1, currency: 'EUR' } },
          coverable: { cents: 0, currency: 'EUR' },
        },
      },
    ]);
  });
  afterAll(() => world.stop());
  const path = `/grants/${ids.grant}`;

  it('tells the history of a grant page by page, with what its pot did about it', async () => {
    const first = await world.get(`${path}/history?limit=3`, auditor);
    expect([first.status, first.body.items.length, first.body.items[0].event]).toEqual([200, 3, 'GrantDrafted']);
    const events = first.body.items;
    let cursor = first.body.nextCursor;
    while (cursor !== undefined) {
      const { body } = await world.get(`${path}/history?limit=7&cursor=${cursor}`, auditor);
      events.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(events.map(({ event }: { event: string }) => event)).toEqual([
      ...aGrant({ upTo: 'paid' }).map(({ type }) => type),
      'ReservationDeclined',
    ]);
  });

  it('tells what held at a moment, and which events it rests on', async () => {
    const { body } = await world.get(`${path}/history?limit=200`, auditor);
    const approval = body.items.find(({ event }: { event: string }) => event === 'DecisionApproved');
    const then = await world.get(`${path}/state?at=${approval.position}`, auditor);
    expect(then.body.facts).toMatchObject({
      stage: { value: 'recommended' },
      'approved by': { value: ['approver-1'], restsOn: [expect.any(String), approval.position] },
    });
    expect((await world.get(`${path}/state`, auditor)).body.facts.stage.value).toBe('contracted');
    const upTo = await world.get(`${path}/history?limit=200&at=${approval.position}`, auditor);
    expect(upTo.body.items.at(-1).position).toBe(approval.position);
    expect((await world.get(`${path}/history?at=2020-01-01`, auditor)).body.items).toEqual([]);
  });

  it('logs who read of which grant, and as of when', async () => {
    lines.length = 0;
    await world.get(`${path}/history?at=2026-03-20`, auditor);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ msg: 'history read', subject: 'auditor-1', grantId: ids.grant, at: '2026-03-20' }),
    );
  });

  it('tells who decides, too, nothing of what they have a conflict of interest in', async () => {
    const partial: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: officer.subject, kind: 'personal', declaredBy: officer.subject },
    };
    const id = randomUUID();
    await world.plant(grantEvents, id, [...aGrant({ upTo: 'submitted' }), partial]);
    for (const query of ['history', 'state']) {
      const seenBy = async (subject: string, roles: readonly Role[]) => {
        const { status, body } = await world.get(`/grants/${id}/${query}`, { subject, role: 'auditor', roles });
        return [status, body.code];
      };
      expect(await seenBy(officer.subject, ['auditor', 'fund-officer'])).toEqual([403, 'GRANT_CONTENT_CLOSED']);
      expect(await seenBy('officer-9', ['auditor', 'fund-officer'])).toEqual([200, undefined]);
      expect(await seenBy('reviewer-9', ['auditor', 'reviewer'])).toEqual([403, 'GRANT_CONTENT_CLOSED']);
      expect(await seenBy(officer.subject, ['auditor'])).toEqual([200, undefined]);
    }
  });

  it('is for auditors alone, and says what is wrong with a question', async () => {
    for (const caller of [officer, approver, coordinator, representative]) {
      expect((await world.get(`${path}/history`, caller)).status).toBe(403);
      expect((await world.get(`${path}/state`, caller)).status).toBe(403);
    }
    const fault = async (query: string) => (await world.get(`${path}/history?${query}`, auditor)).body;
    expect(await fault('at=2026-02-30')).toMatchObject({ status: 400, errors: [{ field: 'at' }] });
    expect(await fault('cursor=x')).toMatchObject({ status: 400, errors: [{ field: 'cursor' }] });
    const unknown = await world.get(`/grants/${ids.payment}/history`, auditor);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'GRANT_UNKNOWN']);
  });
});
