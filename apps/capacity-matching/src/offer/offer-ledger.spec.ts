import { type Decision, fold, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { minutesByWeek } from '../weekly-minutes';
import { offer, type OfferCommand, type OfferState } from './offer.decider';
import type { OfferEvent } from './offer.events';
import { offerFacts } from './offer.given';
import { freeByWeek } from './offer-ledger';

const id = '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02';
const weeks = ['2026-W15', '2026-W16', '2026-W17'];
const until = '2026-04-01T12:00:00.000Z';
const idOf = (n: number) => `a110ca7e-0000-4000-8000-${String(n).padStart(12, '0')}`;

const step = fc.record({
  n: fc.integer({ min: 1, max: 8 }),
  kind: fc.constantFrom('hold', 'hold', 'hold', 'confirm', 'release', 'release-from', 'revise'),
  at: fc.integer({ min: 0, max: 23 }).map((hour) => `2026-04-01T${String(hour).padStart(2, '0')}:00:00.000Z`),
  first: fc.integer({ min: 0, max: 2 }),
  length: fc.integer({ min: 0, max: 2 }),
  minutes: fc.integer({ min: 1, max: 400 }),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** The same by counting alone: of each allocation that was ever decided about, its minutes by number of the week. */
class Count {
  readonly taken = new Map<number, { minutes: number[]; canExpire: boolean; canBeConfirmed: boolean }>();
  minutesPerWeek = offerFacts.minutesPerWeek;

  takenOf = (at: number) => [...this.taken.values()].reduce((sum, { minutes }) => sum + (minutes[at] ?? 0), 0);
  free = () => weeks.map((_, at) => this.minutesPerWeek - this.takenOf(at));

  apply({ n, kind, at, first, length, minutes }: Step): void {
    const one = this.taken.get(n);
    const nothing = { minutes: [0, 0, 0], canExpire: false, canBeConfirmed: false };
    if (kind === 'hold' && one === undefined) {
      for (const [key, { canExpire }] of this.taken) if (canExpire && until <= at) this.taken.set(key, nothing);
      const wanted = weeks.map((_, week) => (first <= week && week <= first + length ? minutes : 0));
      const fits = first + length <= 2 && this.free().every((free, week) => (wanted[week] ?? 0) <= free);
      this.taken.set(n, fits ? { minutes: wanted, canExpire: true, canBeConfirmed: true } : nothing);
    }
    if (kind === 'confirm' && one?.canBeConfirmed) this.taken.set(n, { ...one, canExpire: false });
    if (kind === 'release' || (kind === 'release-from' && one === undefined)) this.taken.set(n, nothing);
    if (kind === 'release-from' && one?.minutes.slice(first).some((some) => some > 0)) {
      this.taken.set(n, { ...nothing, minutes: one.minutes.map((some, week) => (week < first ? some : 0)) });
    }
    if (kind === 'revise' && weeks.every((_, week) => this.takenOf(week) <= minutes)) this.minutesPerWeek = minutes;
  }
}

function commandOf({ n, kind, at, first, length, minutes }: Step): OfferCommand {
  const actor = { subject: 'representative-1', roles: ['representative'] };
  const context = { commandId: 'c-1', correlationId: 'c-1', causationId: 'c-1', at, actor };
  const allocationId = idOf(n);
  const [from, to] = [`2026-W${15 + first}`, `2026-W${15 + first + length}`];
  switch (kind) {
    case 'hold':
      return {
        type: 'HoldCapacity',
        data: { allocationId, needId: id, weeks: [{ from, to, minutes }], expiresAt: until },
        context,
      };
    case 'confirm':
      return { type: 'ConfirmHold', data: { allocationId }, context };
    case 'release':
      return { type: 'ReleaseHold', data: { allocationId, reasonCode: 'declined' }, context };
    case 'release-from':
      return { type: 'ReleaseHold', data: { allocationId, reasonCode: 'given-up', fromWeek: from }, context };
    case 'revise':
      return { type: 'ReviseOffer', data: { facts: { ...offerFacts, minutesPerWeek: minutes } }, context };
  }
}

describe('What is free of an offer', () => {
  it('is, after whatever was held, confirmed, released, expired or revised, what counting by hand says', () => {
    const published: OfferEvent = {
      type: 'OfferPublished',
      data: { organisationId: id, facts: offerFacts, publishedBy: 'representative-1' },
    };
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        const count = new Count();
        let state: OfferState = offer.decider.evolve(offer.decider.initialState, published);
        for (const one of steps) {
          count.apply(one);
          const decided: Decision<OfferEvent> = offer.decider.decide(commandOf(one), state);
          if (!isRefusal(decided)) {
            state = fold(offer.decider.evolve, state, decided);
            for (const { type } of decided) seen.add(type);
          }
          if (state.stage === 'none') throw new Error('It is there.');
          const free = Object.fromEntries(freeByWeek(state.facts, state.holds));
          const counted = count.free().flatMap((minutes, at) => (minutes === 0 ? [] : [[weeks[at], minutes]]));
          expect(free).toEqual(Object.fromEntries(counted));
        }
        // Whatever happened before: once all is released, all is free that is offered.
        if (state.stage === 'none') throw new Error('It is there.');
        const at = '2026-04-02T00:00:00.000Z';
        for (const n of state.holds.keys()) {
          const command = commandOf({ n: Number(n.slice(-12)), kind: 'release', at, first: 0, length: 0, minutes: 1 });
          const decided: Decision<OfferEvent> = offer.decider.decide(command, state);
          if (isRefusal(decided)) throw new Error(decided.code);
          state = fold(offer.decider.evolve, state, decided);
        }
        if (state.stage === 'none') throw new Error('It is there.');
        expect(freeByWeek(state.facts, state.holds)).toEqual(minutesByWeek(state.facts));
      }),
      { numRuns: 100 },
    );
    // It has tried what it is about.
    expect([...seen].sort()).toEqual([
      ...['CapacityHeld', 'HoldConfirmed', 'HoldDeclined', 'HoldReleased', 'OfferRevised'],
    ]);
  });
});
