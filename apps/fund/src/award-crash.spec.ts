import { randomUUID } from 'node:crypto';
import { Killed, ReactorWorld } from '@alliance/service-world';
import type { SettleWithPot } from './award.policy';
import { awardReactor, settleAwardNow } from './award.reactor';
import { fund } from './fund.module';
import { aGrant, context, euros, ids, who } from './grant/grant.given';
import { type GrantEvent, grantEvents } from './grant/grant.events';
import { figuresOf, pot } from './pot/pot.decider';
import { potEvents } from './pot/pot.events';
import { contribution, opened } from './pot/pot.given';

let world: ReactorWorld<SettleWithPot>;
beforeAll(async () => {
  world = await ReactorWorld.start(fund, awardReactor);
  await world.database.query(
    `INSERT INTO known_organisation (id, name, kind, status, since)
     VALUES ($1, 'Beratung e.V.', 'civil-society', 'admitted', '2025-01-01T00:00:00Z')`,
    [ids.applicant],
  );
});
afterAll(() => world.stop());

interface Case {
  readonly grantId: string;
  readonly potId: string;
}

const idsOf = ({ grantId, potId }: Case) => [grantId, potId];

/** A pot with so many euros, and a grant of 10,000 from it. */
async function planted(units: number, history: readonly GrantEvent[]): Promise<Case> {
  const [grantId, potId] = [randomUUID(), randomUUID()];
  await world.append(potEvents, potId, [opened, contribution(covering, units)]);
  const events = history.map((event) =>
    event.type === 'GrantDrafted' ? { ...event, data: { ...event.data, potId } } : event,
  );
  await world.append(grantEvents, grantId, events);
  return { grantId, potId };
}
const covering = 'e0e0e0e0-1111-4222-8333-000000000001';

async function figures(potId: string) {
  const { state } = await world.commands.load(pot, potId);
  if (state.stage === 'none') throw new Error('There is no such pot.');
  return figuresOf(state);
}

async function requestDiesAfter(answers: number, one: Case): Promise<void> {
  const cause = { ...context(who.approvers[1]), commandId: randomUUID(), commandDigest: 'a'.repeat(64) };
  const dying = world.commandsUntil(answers, idsOf(one));
  await expect(settleAwardNow(dying, world.database.manager, one.grantId, cause)).rejects.toThrow(Killed);
}

const nothing = euros(0);
const onceEach = (all: readonly string[]) => expect(all).toEqual([...new Set(all)]);

describe('the pot is never overcommitted: an award that dies before whichever step', () => {
  const kills = [0, 1, 2, 3].flatMap((answers) => [['reactor', answers] as const, ['request', answers] as const]);

  it.each(kills)('is completed once where the pot suffices (%s, after %i steps)', async (process, answers) => {
    const one = await planted(12_000, aGrant({ upTo: 'awarding' }));
    await (process === 'reactor' ? world.diesAfter(answers, idsOf(one)) : requestDiesAfter(answers, one));
    await world.runsUntil(async () => {
      expect(await figures(one.potId)).toMatchObject({
        reserved: nothing,
        committed: euros(10_000),
        free: euros(2_000),
      });
    });
    expect(await world.typesOf(potEvents, one.potId)).toEqual([
      ...['PotOpened', 'ContributionReceived', 'AmountReserved', 'AwardConfirmed'],
    ]);
    expect((await world.typesOf(grantEvents, one.grantId)).slice(-2)).toEqual(['AwardDecided', 'GrantAwarded']);
  });

  it.each(kills.filter(([, answers]) => answers < 3))(
    'is blocked once where it does not (%s, after %i steps)',
    async (process, answers) => {
      const one = await planted(9_999, aGrant({ upTo: 'awarding' }));
      await (process === 'reactor' ? world.diesAfter(answers, idsOf(one)) : requestDiesAfter(answers, one));
      await world.runsUntil(async () => {
        expect((await world.typesOf(grantEvents, one.grantId)).at(-1)).toBe('AwardBlocked');
      });
      expect(await figures(one.potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(9_999) });
      onceEach((await world.typesOf(potEvents, one.potId)).slice(2));
    },
  );

  const conflict: GrantEvent = {
    type: 'ConflictDeclared',
    data: { subject: who.approvers[0], kind: 'personal', declaredBy: who.approvers[0] },
  };
  const suspension: GrantEvent = {
    type: 'RecipientStandingChanged',
    data: {
      organisationId: ids.applicant,
      ...{ standing: 'suspended', survivorId: ids.applicant, since: '2026-03-19T00:00:00.000Z' },
    },
  };
  const between = [conflict, suspension].flatMap((event) =>
    [0, 1, 2, 3].map((then) => [event.type, then, event] as const),
  );

  it.each(between)(
    'is blocked by %s after the reservation, also when it dies again after %i steps, and has released it',
    async (_, answers, event) => {
      const history = aGrant({ upTo: 'awarding' });
      const one = await planted(12_000, history);
      await requestDiesAfter(1, one);
      expect(await figures(one.potId)).toMatchObject({ reserved: euros(10_000) });
      await world.append(grantEvents, one.grantId, [event], BigInt(history.length - 1));
      await world.diesAfter(answers, idsOf(one));
      await world.runsUntil(async () => {
        expect(await figures(one.potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(12_000) });
      });
      expect((await world.typesOf(potEvents, one.potId)).slice(2)).toEqual(['AmountReserved', 'ReservationReleased']);
      expect((await world.typesOf(grantEvents, one.grantId)).slice(-2)).toEqual([event.type, 'AwardBlocked']);
    },
  );

  it.each([0, 1, 2, 3])('gives back what is due to the pot, each once (after %i steps)', async (answers) => {
    const one = await endedGrant();
    await world.diesAfter(answers, idsOf(one));
    await world.runsUntil(async () => {
      expect(await figures(one.potId)).toMatchObject({
        reserved: nothing,
        committed: euros(5_500),
        free: euros(6_500),
      });
    });
    expect((await world.typesOf(potEvents, one.potId)).slice(2)).toEqual([
      ...['AmountReserved', 'AwardConfirmed', 'CommitmentReduced', 'CommitmentReduced'],
    ]);
  });
});

/** 10,000 were awarded, 6,000 paid, 500 came back, and 4,000 were never paid out; the pot has heard of the reservation only. */
async function endedGrant(): Promise<Case> {
  const one = await planted(12_000, aGrant({ upTo: 'closed' }));
  const cover = [{ contributionId: covering, amount: euros(10_000) }];
  const data = { grantId: one.grantId, attempt: 1, amount: euros(10_000), cover };
  await world.append(potEvents, one.potId, [{ type: 'AmountReserved', data }], 1n);
  return one;
}
