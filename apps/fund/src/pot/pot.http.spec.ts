import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRefusal } from '@alliance/event-sourcing';
import { type Accepted, handleCommand, TooMuchContention } from '@alliance/event-store';
import { auditor } from '@alliance/service-world';
import { approver, coordinator, FundWorld, officer, representative } from '../fund.given';
import { euros, ids } from '../grant/grant.given';
import { figuresOf, pot, type PotCommand } from './pot.decider';
import { type PotEvent, potEvents } from './pot.events';
import { potCommand, reserving } from './pot.given';

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
  await world.admit(ids.donor, { kind: 'foundation', legalForm: 'stiftung' });
});
afterAll(() => world.stop());

const given = { donorOrganisationId: ids.donor, amount: euros(1000), receivedOn: '2026-01-15' };

async function openedPot(...contributions: object[]): Promise<string> {
  const { status, body } = await world.post('/pots', { name: 'Soforthilfe', currency: 'EUR' }, officer);
  expect(status).toBe(201);
  for (const one of contributions) {
    expect((await world.post(`/pots/${body.potId}/contributions`, one, officer)).status).toBe(201);
  }
  return body.potId;
}

/** As the process of an award does it: again after a pause, until it was its turn. */
async function decided(potId: string, command: PotCommand): Promise<Accepted<PotEvent>> {
  for (;;) {
    try {
      const answer = await handleCommand(world.store, pot, potId, command);
      if (isRefusal(answer)) throw new Error(answer.detail);
      return answer;
    } catch (error) {
      if (!(error instanceof TooMuchContention)) throw error;
      await sleep(Math.random() * 400);
    }
  }
}

const positionOf = ({ position }: Accepted<PotEvent>) => ({
  'min-position': position === undefined ? '' : `${position.commit}/${position.prepare}`,
});

describe('pots: contributions with earmarks, reservations, releases, free amount', () => {
  it('shows contributions with what is free of them, the sums, and every movement', async () => {
    const earmark = { fieldKeys: ['orientation'], regionKeys: ['09000000'] };
    const potId = await openedPot(given, { ...given, amount: euros(500), earmark });
    const [kept, dropped] = [randomUUID(), randomUUID()];
    await decided(potId, reserving(kept, 1, 700));
    await decided(potId, reserving(dropped, 1, 300));
    await decided(potId, reserving(randomUUID(), 1, 501));
    await decided(potId, potCommand('ConfirmAward', { grantId: kept, attempt: 1 }));
    await decided(
      potId,
      potCommand('ReleaseReservation', { grantId: dropped, attempt: 1, reasonCode: 'award-blocked' }),
    );
    const back = { grantId: kept, settlementId: randomUUID(), amount: euros(50), cause: 'returned' } as const;
    const last = await decided(potId, potCommand('ReduceCommitment', back));

    const shown = await world.get(`/pots/${potId}`, approver);
    const sums = { contributed: euros(1500), reserved: euros(0), committed: euros(650), free: euros(850) };
    expect(shown.body).toMatchObject({ id: potId, name: 'Soforthilfe', ...sums });
    expect(shown.body.contributions).toMatchObject([
      { amount: euros(1000), free: euros(850) },
      { amount: euros(500), free: euros(0), earmark },
    ]);
    const listed = await world.get('/pots?freeAtLeast=85000', auditor, positionOf(last));
    expect(listed.body.items).toContainEqual({ id: potId, name: 'Soforthilfe', ...sums });
    const poorer = await world.get('/pots?freeAtLeast=85001', auditor);
    expect(poorer.body.items).not.toContainEqual(expect.objectContaining({ id: potId }));

    const kinds = async (query: string) => {
      const { body } = await world.get(`/pots/${potId}/ledger?${query}`, officer);
      return body.items.map(({ kind, amount }: { kind: string; amount: object }) => [kind, amount]);
    };
    expect(await kinds('sort=-revision&limit=5')).toEqual([
      ['reduced', euros(50)],
      ['released', euros(300)],
      ['committed', euros(700)],
      ['declined', euros(501)],
      ['reserved', euros(300)],
    ]);
    expect(await kinds('kind=contributed')).toEqual([
      ['contributed', euros(1000)],
      ['contributed', euros(500)],
    ]);
    expect((await kinds(`grantId=${kept}`)).map(([kind]: [string]) => kind)).toEqual([
      'reserved',
      'committed',
      'reduced',
    ]);
    const { body: first } = await world.get(`/pots/${potId}/ledger?limit=7`, officer);
    const { body: rest } = await world.get(`/pots/${potId}/ledger?limit=7&cursor=${first.nextCursor}`, officer);
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([7, 1, undefined]);
  });

  it('names what is wrong with the request', async () => {
    const potId = await openedPot();
    const post = (body: object) => world.post(`/pots/${potId}/contributions`, body, officer);
    const fields = async (body: object) => {
      const answer = await post(body);
      return [answer.status, ...(answer.body.errors ?? []).map(({ field }: { field: string }) => field)];
    };
    for (const cents of [0, -1, 1.5]) {
      expect(await fields({ ...given, amount: { cents, currency: 'EUR' } })).toEqual([400, 'amount.cents']);
    }
    expect(await fields({ ...given, amount: { cents: 1, currency: 'USD' } })).toEqual([400, 'amount.currency']);
    expect(await fields({ ...given, receivedOn: '2026-02-30' })).toEqual([400, 'receivedOn']);
    expect(await fields({ ...given, earmark: { fieldKeys: [] } })).toEqual([400, 'earmark.fieldKeys']);
    expect(await fields({ ...given, amount: undefined })).toEqual([400, 'amount']);
    const stranger = await post({ ...given, donorOrganisationId: ids.applicant });
    expect([stranger.status, stranger.body.code]).toEqual([422, 'DONOR_UNKNOWN']);
    expect(await world.events(potEvents, potId)).toHaveLength(1);
  });

  it('are for officers and coordinators to fill, for approvers and auditors to see, for others not at all', async () => {
    const open = { name: 'Anderer Topf', currency: 'EUR' };
    for (const caller of [approver, auditor, representative]) {
      expect((await world.post('/pots', open, caller)).status).toBe(403);
    }
    expect((await world.post('/pots', open, coordinator)).status).toBe(201);
    expect((await world.get('/pots', representative)).status).toBe(403);
    expect((await world.get('/pots', undefined)).status).toBe(401);
    expect((await world.get(`/pots/${randomUUID()}`, auditor)).body.code).toBe('POT_UNKNOWN');
  });
});

describe('the pot is never overcommitted', () => {
  it('with 64 concurrent reservations on a pot that suffices for ten, exactly ten are reserved', async () => {
    const potId = await openedPot(given);
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => decided(potId, reserving(randomUUID(), 1, 100))),
    );
    const types = answers.flatMap(({ events }) => events.map(({ type }) => type));
    expect(types.filter((type) => type === 'AmountReserved')).toHaveLength(10);
    expect(types.filter((type) => type === 'ReservationDeclined')).toHaveLength(54);
    const { body } = await world.get(`/pots/${potId}`, auditor);
    expect(body).toMatchObject({ reserved: euros(1000), free: euros(0) });
  });
});

describe('money: sums checked in every projection against the log', () => {
  it('has for every pot the sums that its events make up', async () => {
    const potId = await openedPot(given);
    for (const units of [100, 200, 300]) {
      const grantId = randomUUID();
      await decided(potId, reserving(grantId, 1, units));
      if (units > 100) await decided(potId, potCommand('ConfirmAward', { grantId, attempt: 1 }));
    }
    const last = await decided(potId, reserving(randomUUID(), 1, 400));
    const { body } = await world.get('/pots?limit=200', auditor, positionOf(last));
    expect(body.items.length).toBeGreaterThan(0);
    for (const { id, name: _, ...sums } of body.items) {
      let state = pot.decider.initialState;
      for (const event of await world.events(potEvents, id)) state = pot.decider.evolve(state, event as PotEvent);
      if (state.stage === 'none') throw new Error(`${id} is in no log.`);
      expect(sums).toEqual(figuresOf(state));
    }
  });
});
