import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FundWorld, officer } from './fund.given';
import { aGrant, euros, ids, who } from './grant/grant.given';
import { type GrantEvent, grantEvents } from './grant/grant.events';
import { contribution, opened } from './pot/pot.given';
import { potEvents } from './pot/pot.events';

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
  await world.admit(ids.applicant);
});
afterAll(() => world.stop());

/** The applicant's grant, of which everything has been decided up to the award, in a pot of its own. */
async function decided(inPot: number, ...more: GrantEvent[]): Promise<{ grantId: string; potId: string }> {
  const [grantId, potId] = [randomUUID(), randomUUID()];
  await world.plant(potEvents, potId, [opened, contribution(randomUUID(), inPot)]);
  await plantGrant(grantId, potId, [...aGrant({ upTo: 'awarding' }), ...more]);
  return { grantId, potId };
}
async function plantGrant(grantId: string, potId: string, events: readonly GrantEvent[]): Promise<void> {
  const ofPot = events.map((event) =>
    event.type === 'GrantDrafted' ? { ...event, data: { ...event.data, potId } } : event,
  );
  await world.plant(grantEvents, grantId, ofPot);
}

async function types(grantId: string): Promise<readonly string[]> {
  return (await world.events(grantEvents, grantId)).map(({ type }) => type);
}
async function potOf(potId: string) {
  const { contributed, reserved, committed, free } = (await world.get(`/pots/${potId}`, officer)).body;
  return { contributed, reserved, committed, free };
}
/** Until the reactor has done it. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + 15_000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
const nothing = euros(0);

describe('an award that has been decided', () => {
  it('is completed when the pot suffices, and the pot is committed', async () => {
    const { grantId, potId } = await decided(12_000);
    await eventually(async () => {
      expect((await types(grantId)).at(-1)).toBe('GrantAwarded');
      const committed = { committed: euros(10_000), free: euros(2_000) };
      expect(await potOf(potId)).toEqual({ contributed: euros(12_000), reserved: nothing, ...committed });
    });
    expect((await types(grantId)).filter((type) => type === 'GrantAwarded')).toHaveLength(1);
  });

  it('is blocked when the pot does not suffice, and nothing stays reserved', async () => {
    const { grantId, potId } = await decided(9_999);
    await eventually(async () => {
      const last = (await world.events(grantEvents, grantId)).at(-1);
      expect(last).toMatchObject({ type: 'AwardBlocked', data: { attempt: 1, code: 'POT_INSUFFICIENT' } });
    });
    expect(await potOf(potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(9_999) });
  });

  it.each<[string, GrantEvent]>([
    [
      'FOUR_EYES_VOIDED',
      {
        type: 'ConflictDeclared',
        data: { subject: who.approvers[0], kind: 'personal', declaredBy: who.approvers[0] },
      },
    ],
    [
      'ORGANISATION_SUSPENDED',
      {
        type: 'RecipientStandingChanged',
        data: {
          organisationId: ids.applicant,
          ...{ standing: 'suspended', survivorId: ids.applicant, since: '2026-03-01T00:00:00.000Z' },
        },
      },
    ],
  ])('is blocked by what came in between, %s, and the pot has its money back', async (code, event) => {
    const { grantId, potId } = await decided(12_000, event);
    await eventually(async () => {
      const last = (await world.events(grantEvents, grantId)).find(({ type }) => type === 'AwardBlocked');
      expect(last?.data).toMatchObject({ attempt: 1, code });
      expect(await potOf(potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(12_000) });
    });
    const pot = (await world.events(potEvents, potId)).map(({ type }) => type);
    expect(pot.slice(2)).toEqual(['AmountReserved', 'ReservationReleased']);
  });

  it('comes to its end when it is decided anew before the pot has its money of the first attempt back', async () => {
    const [grantId, potId, contributionId] = [randomUUID(), randomUUID(), randomUUID()];
    const cover = [{ contributionId, amount: euros(10_000) }];
    await world.plant(potEvents, potId, [
      opened,
      contribution(contributionId, 12_000),
      { type: 'AmountReserved', data: { grantId, attempt: 1, amount: euros(10_000), cover } },
    ]);
    const again = aGrant({ upTo: 'awarding' }).slice(aGrant({ upTo: 'reviewed' }).length);
    const second = again.map((event): GrantEvent => {
      if (event.type === 'AwardDecided') return { ...event, data: { ...event.data, attempt: 2, version: 2 } };
      if (event.type === 'DecisionProposed') return { ...event, data: { ...event.data, version: 2 } };
      return event.type === 'DecisionApproved' ? { ...event, data: { ...event.data, version: 2 } } : event;
    });
    const blocked: GrantEvent = { type: 'AwardBlocked', data: { attempt: 1, code: 'FOUR_EYES_VOIDED', detail: 'x' } };
    await plantGrant(grantId, potId, [...aGrant({ upTo: 'awarding' }), blocked, ...second]);
    await eventually(async () => {
      const last = (await world.events(grantEvents, grantId)).at(-1);
      expect(last).toMatchObject({ type: 'GrantAwarded', data: { attempt: 2 } });
      expect(await potOf(potId)).toMatchObject({ reserved: nothing, committed: euros(10_000), free: euros(2_000) });
    });
    const told = (await world.events(potEvents, potId)).slice(2).map(({ type }) => type);
    expect(told).toEqual(['AmountReserved', 'ReservationReleased', 'AmountReserved', 'AwardConfirmed']);
  });

  it('gives back to the pot what is not paid out or returned, each once', async () => {
    const [grantId, potId, contributionId] = [randomUUID(), randomUUID(), randomUUID()];
    const cover = [{ contributionId, amount: euros(10_000) }];
    await world.plant(potEvents, potId, [
      opened,
      contribution(contributionId, 12_000),
      { type: 'AmountReserved', data: { grantId, attempt: 1, amount: euros(10_000), cover } },
    ]);
    await plantGrant(grantId, potId, aGrant({ upTo: 'closed' }));
    await eventually(async () => {
      // 10,000 were awarded, 6,000 paid, 500 came back, and 4,000 were never paid out.
      expect(await potOf(potId)).toMatchObject({ reserved: nothing, committed: euros(5_500), free: euros(6_500) });
    });
    const reduced = (await world.events(potEvents, potId)).filter(({ type }) => type === 'CommitmentReduced');
    expect(reduced.map(({ data }) => data)).toMatchObject([
      { amount: euros(500), cause: 'returned' },
      { amount: euros(4_000), cause: 'not-paid-out' },
    ]);
  });
});
