import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { KnownOrganisation } from '@alliance/known-organisations';
import { connectDatabase, migrate } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { type AllocationEvent, allocationEvents } from '../allocation/allocation.events';
import { capacityMatching } from '../capacity-matching.module';
import { needEvents } from '../need/need.events';
import { needFacts } from '../need/need.given';
import { offerEvents } from '../offer/offer.events';
import { offerFacts } from '../offer/offer.given';
import { standingSchedule } from '../organisation-standing.reactor';
import { recordedIn } from '../recorded-events.given';
import { Commitment, commitments, commitmentsInDoubt, commitmentsOf } from './commitment.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: capacityMatching.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [Commitment, KnownOrganisation] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE commitment, known_organisation');
});

async function organisation(status: KnownOrganisation['status'], mergedInto: string | null = null): Promise<string> {
  const id = randomUUID();
  const since = new Date('2026-04-01T10:00:00.000Z');
  const facts = { name: id, kind: 'civil-society', legalForm: null, regionKey: null, identifiers: [], parentId: null };
  await database.manager.insert(KnownOrganisation, { ...facts, id, status, since, mergedInto } as KnownOrganisation);
  return id;
}
async function offerOf(organisationId: string): Promise<string> {
  const id = randomUUID();
  const data = { organisationId, facts: offerFacts, publishedBy: 'somebody' };
  await commitments.apply(database.manager, recordedIn(offerEvents, id, [{ type: 'OfferPublished', data }]));
  return id;
}
async function needOf(organisationId: string): Promise<string> {
  const id = randomUUID();
  const opened = { type: 'NeedOpened', data: { organisationId, facts: needFacts, openedBy: 'somebody' } };
  await commitments.apply(database.manager, recordedIn(needEvents, id, [opened]));
  return id;
}
async function allocationBetween(supporter: string, helper: string, then: AllocationEvent[] = []): Promise<string> {
  const id = randomUUID();
  const between = { offerId: randomUUID(), needId: randomUUID() };
  const proposed: AllocationEvent = {
    type: 'AllocationProposed',
    data: {
      ...{ ...between, supportingOrganisationId: supporter, helpingOrganisationId: helper },
      ...{ weeks: [{ from: '2026-W15', to: '2026-W18', minutes: 300 }], expiresAt: '2026-04-04T08:00:00.000Z' },
    },
  };
  await commitments.apply(database.manager, recordedIn(allocationEvents, id, [proposed, ...then]));
  return id;
}
const started: AllocationEvent = { type: 'AllocationStarted', data: {} };
const inDoubt = async (limit = 100, afterId?: string) =>
  (await commitmentsInDoubt(database.manager, { limit, afterId })).map(({ id }) => id);

describe('what organisations have under way', () => {
  it('is looked at again only where an organisation is no plain member', async () => {
    const [member, suspended] = [await organisation('admitted'), await organisation('suspended')];
    await offerOf(member);
    await needOf(member);
    await allocationBetween(member, randomUUID());
    const doubtful = [
      await offerOf(suspended),
      await needOf(suspended),
      await allocationBetween(member, suspended),
      await allocationBetween(suspended, member, [started]),
      await offerOf(await organisation('merged', member)),
    ];
    expect(await inDoubt()).toEqual([...doubtful].sort());
    expect((await commitmentsOf(database.manager, member)).map(({ supporting }) => supporting?.survivorId)).toContain(
      member,
    );
    expect(await commitmentsOf(database.manager, member)).toHaveLength(6);
  });

  it('ends with an allocation, a closed need, a withdrawn offer; a start and a release in part do not end it', async () => {
    const left = await organisation('left');
    const ends: AllocationEvent[] = [
      { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'unfit', declinedBy: 'somebody' } },
      { type: 'AllocationExpired', data: { waitedFor: ['helping'] } },
      { type: 'AllocationFailed', data: { reasonCode: 'capacity-taken' } },
      { type: 'AllocationDelivered', data: { minutes: 0 } },
      { type: 'AllocationReleased', data: { reasonCode: 'given-up' } },
      { type: 'AllocationReleased', data: { reasonCode: 'given-up', fromWeek: '2026-W15' } },
    ];
    for (const end of ends) await allocationBetween(left, left, [started, end]);
    const inPart: AllocationEvent = {
      type: 'AllocationReleased',
      data: { reasonCode: 'given-up', fromWeek: '2026-W17' },
    };
    await allocationBetween(left, left, [inPart]);
    expect(await inDoubt()).toEqual([]);
    const goesOn = await allocationBetween(left, left, [started, inPart]);
    expect(await commitmentsInDoubt(database.manager, { limit: 9 })).toMatchObject([
      { id: goesOn, stage: 'started', lastWeek: '2026-W16' },
    ]);
  });
});

describe('the schedule of standings', () => {
  const now = new Date('2026-04-07T10:00:00.000Z');

  it('finds everything that is due page by page, past what nothing follows for', async () => {
    const suspended = await organisation('suspended');
    const due: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      await needOf(suspended);
      due.push(await offerOf(suspended));
    }
    const found: string[] = [];
    let after: Awaited<ReturnType<typeof standingSchedule.due>>[number] | undefined;
    do {
      const page = await standingSchedule.due(database.manager, { now, after, limit: 2 }, {});
      found.push(...page.map(({ target }) => target));
      after = page.length < 2 ? undefined : page.at(-1);
    } while (after !== undefined);
    expect(found).toEqual([...due].sort());
  });

  it('gives the same command only anew after something else has happened', async () => {
    const suspended = await organisation('suspended');
    const id = await offerOf(suspended);
    const due = () => standingSchedule.due(database.manager, { now, after: undefined, limit: 9 }, {});
    const [first] = await due();
    expect(first).toMatchObject({ type: 'PauseOffer', target: id, occasion: '0' });
    expect(await due()).toEqual([first]);
    const reasonCode = 'organisation-suspended';
    const life = recordedIn(offerEvents, id, [
      { type: 'OfferPublished', data: { organisationId: suspended, facts: offerFacts, publishedBy: 'somebody' } },
      { type: 'OfferPaused', data: { reasonCode } },
      { type: 'OfferResumed', data: { reasonCode } },
    ]);
    await commitments.apply(database.manager, life.slice(1, 2));
    expect(await due()).toEqual([]);
    await commitments.apply(database.manager, life.slice(2));
    expect(await due()).toEqual([{ ...first, occasion: '2' }]);
  });
});
