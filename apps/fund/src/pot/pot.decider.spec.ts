import { fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { euros, ids } from '../grant/grant.given';
import { contributionsOf, figuresOf, pot, type PotCommand, type PotState } from './pot.decider';
import type { PotEvent } from './pot.events';
import { contribution, opened, potCommand, reserving } from './pot.given';

const a = 'e0e0e0e0-1111-4222-8333-000000000001';
const settlementId = 'f0f0f0f0-1111-4222-8333-000000000001';
const attempt = { grantId: ids.grant, attempt: 1 };
const filled = [opened, contribution(a, 100)];
const reserved: PotEvent = {
  type: 'AmountReserved',
  data: { ...attempt, amount: euros(60), cover: [{ contributionId: a, amount: euros(60) }] },
};
const confirmed: PotEvent = { type: 'AwardConfirmed', data: attempt };
const released: PotEvent = { type: 'ReservationReleased', data: { ...attempt, reasonCode: 'award-blocked' } };
const declined: PotEvent = {
  type: 'ReservationDeclined',
  data: { ...attempt, amount: euros(101), coverable: euros(100) },
};
const confirm = potCommand('ConfirmAward', attempt);
const release = potCommand('ReleaseReservation', released.data);
const reduce = (units: number) =>
  potCommand('ReduceCommitment', { grantId: ids.grant, settlementId, amount: euros(units), cause: 'returned' });
const receive = (more: object = {}) => {
  const { recordedBy: _, ...data } = contribution(a, 100).data;
  return potCommand('ReceiveContribution', { ...data, donorIsKnown: true, ...more });
};
const after = (...events: PotEvent[]) => given(pot.decider, events);

describe('a pot', () => {
  it('is opened once, and everything else needs it', () => {
    const open = potCommand('OpenPot', { name: 'Soforthilfe', currency: 'EUR' });
    expect(after().when(open)).toEqual([opened]);
    expect(after(opened).when(open)).toMatchObject({ refused: 'conflict', code: 'POT_EXISTS' });
    expect(after().when(receive())).toMatchObject({ refused: 'not-found', code: 'POT_UNKNOWN' });
  });

  it('receives contributions of organisations that are known, once each, and not of a day to come', () => {
    expect(after(opened).when(receive())).toEqual([contribution(a, 100)]);
    expect(after(...filled).when(receive())).toEqual([]);
    expect(after(opened).when(receive({ donorIsKnown: false }))).toMatchObject({ code: 'DONOR_UNKNOWN' });
    const early = receive({ receivedOn: '2026-03-21' });
    expect(after(opened).when(early)).toMatchObject({ code: 'CONTRIBUTION_IN_FUTURE', data: { today: '2026-03-20' } });
  });

  it('has no more contributions than a cover can name', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      contribution(`e0e0e0e0-1111-4222-8333-1${String(index).padStart(11, '0')}`, 1),
    );
    expect(after(opened, ...many).when(receive())).toMatchObject({ code: 'POT_FULL' });
  });

  it('reserves what its contributions cover, and records that it declined the rest', () => {
    expect(after(...filled).when(reserving(ids.grant, 1, 60))).toEqual([reserved]);
    expect(after(...filled).when(reserving(ids.grant, 1, 101))).toEqual([declined]);
  });

  it('decides each attempt once, and a new one only after the last has ended', () => {
    const [same, next] = [reserving(ids.grant, 1, 60), reserving(ids.grant, 2, 60)];
    for (const decided of [reserved, declined]) expect(after(...filled, decided).when(same)).toEqual([]);
    for (const history of [[reserved], [reserved, confirmed]]) {
      expect(after(...filled, ...history).when(next)).toMatchObject({ code: 'POT_HOLDS_EARLIER_ATTEMPT' });
    }
    for (const history of [[declined], [reserved, released]]) {
      expect(after(...filled, ...history).when(next)).toMatchObject([{ type: 'AmountReserved', data: { attempt: 2 } }]);
    }
  });

  it('gives a released reservation back, once, and never one that is awarded', () => {
    expect(after(...filled, reserved).when(release)).toEqual([released]);
    expect(after(...filled, reserved, released).when(release)).toEqual([]);
    expect(after(...filled).when(release)).toEqual([]);
    expect(after(...filled, reserved, confirmed).when(release)).toMatchObject({ code: 'POT_ATTEMPT_NOT_RESERVED' });
  });

  it('commits what is reserved, and nothing else', () => {
    expect(after(...filled, reserved).when(confirm)).toEqual([confirmed]);
    expect(after(...filled, reserved, confirmed).when(confirm)).toEqual([]);
    for (const history of [[], [declined], [reserved, released]]) {
      expect(after(...filled, ...history).when(confirm)).toMatchObject({ code: 'POT_ATTEMPT_NOT_RESERVED' });
    }
  });

  it('takes back what is committed, once for each settlement and no more than that', () => {
    const committed = [...filled, reserved, confirmed];
    const back = after(...committed).when(reduce(60));
    expect(back).toEqual([{ type: 'CommitmentReduced', data: reduce(60).data }]);
    expect(after(...committed, ...(back as PotEvent[])).when(reduce(60))).toEqual([]);
    expect(after(...committed).when(reduce(61))).toMatchObject({ code: 'COMMITMENT_EXCEEDED' });
    expect(after(...filled, reserved).when(reduce(1))).toMatchObject({ code: 'COMMITMENT_EXCEEDED' });
  });
});

interface Step {
  readonly type: string;
  readonly grantId: string;
  readonly attempt: number;
  readonly units: number;
  readonly number: number;
}

describe('the pot is never overcommitted', () => {
  it('any interleaving keeps the sum of every contribution', () => {
    const grants = ['1', '2', '3'].map((digit) => ids.grant.replace(/.$/, digit));
    const step: fc.Arbitrary<Step> = fc.record({
      type: fc.constantFrom('receive', 'reserve', 'confirm', 'release', 'reduce'),
      grantId: fc.constantFrom(...grants),
      attempt: fc.integer({ min: 1, max: 3 }),
      units: fc.integer({ min: 1, max: 120 }),
      number: fc.integer({ min: 1, max: 9 }),
    });
    const commandOf = ({ type, grantId, attempt, units, number }: Step): PotCommand => {
      const id = settlementId.replace(/.$/, String(number));
      switch (type) {
        case 'receive':
          return receive({ contributionId: a.replace(/.$/, String(number)), amount: euros(units) });
        case 'reserve':
          return reserving(grantId, attempt, units);
        case 'confirm':
          return potCommand('ConfirmAward', { grantId, attempt });
        case 'release':
          return potCommand('ReleaseReservation', { grantId, attempt, reasonCode: 'award-blocked' });
        default:
          return potCommand('ReduceCommitment', {
            grantId,
            settlementId: id,
            amount: euros(units),
            cause: 'not-paid-out',
          });
      }
    };
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const events: PotEvent[] = [...filled];
        for (const one of steps) {
          const state = fold(pot.decider.evolve, pot.decider.initialState, events);
          const decided = pot.decider.decide(commandOf(one), state);
          if (!isRefusal(decided)) events.push(...decided);
        }
        const state = fold(pot.decider.evolve, pot.decider.initialState, events) as Extract<
          PotState,
          { stage: 'open' }
        >;
        // Told by the events alone: reserved, less released and reduced.
        const byGrant = new Map<string, number>();
        let contributed = 0;
        for (const { type, data } of events) {
          if (type === 'ContributionReceived') contributed += data.amount.cents;
          if (type === 'AmountReserved') byGrant.set(data.grantId, data.amount.cents);
          if (type === 'ReservationReleased') byGrant.set(data.grantId, 0);
          if (type === 'CommitmentReduced') {
            byGrant.set(data.grantId, (byGrant.get(data.grantId) ?? 0) - data.amount.cents);
          }
        }
        const promised = [...byGrant.values()].reduce((total, cents) => total + cents, 0);
        expect(promised).toBeLessThanOrEqual(contributed);
        const { reserved, committed, free } = figuresOf(state);
        expect(reserved.cents + committed.cents).toBe(promised);
        expect(free.cents).toBe(contributed - promised);
        let left = 0;
        for (const part of contributionsOf(state)) {
          expect(part.free.cents).toBeLessThanOrEqual(part.amount.cents);
          left += part.free.cents;
        }
        expect(left).toBe(free.cents);
      }),
    );
  });
});
