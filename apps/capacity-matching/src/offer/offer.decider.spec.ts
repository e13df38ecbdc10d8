import { addDays, weekOf } from '@alliance/calendar';
import { type Decision, fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { byWeek, minutesByWeek } from '../weekly-minutes';
import { freeOf, offer, type OfferCommand, type OfferState, STALE } from './offer.decider';
import type { OfferEvent } from './offer.events';
import { takenByWeek } from './offer-ledger';
import { offerFacts } from './offer.given';

const organisationId = '5f0c1c44-0c0f-4b8e-8f6e-0d3a6f3d9a01';
const needId = '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02';
const idOf = (n: number) => `a110ca7e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const AT = '2026-04-01T08:00:00.000Z';
const EXPIRES = '2026-04-04T08:00:00.000Z';

const context = (at = AT): OfferCommand['context'] => ({
  ...{ commandId: 'c-1', correlationId: 'c-1', causationId: 'c-1', at },
  actor: { subject: 'representative-1', roles: ['representative'] },
});
const published: OfferEvent = {
  type: 'OfferPublished',
  data: { organisationId, facts: offerFacts, publishedBy: 'representative-1' },
};
const taking = (n: number, minutes: number, expiresAt = EXPIRES) => ({
  ...{ allocationId: idOf(n), needId, expiresAt },
  weeks: [{ from: '2026-W15', to: '2026-W16', minutes }],
});
const held = (n: number, minutes: number): OfferEvent => ({ type: 'CapacityHeld', data: taking(n, minutes) });
const holdIt = (n: number, minutes: number, at = AT): OfferCommand => ({
  ...{ type: 'HoldCapacity', data: taking(n, minutes), context: context(at) },
});
const about = (type: 'ConfirmHold' | 'ReleaseHold', n: number, at = AT): OfferCommand =>
  type === 'ConfirmHold'
    ? { type, data: { allocationId: idOf(n) }, context: context(at) }
    : { type, data: { allocationId: idOf(n), reasonCode: 'declined' }, context: context(at) };
const when = (events: readonly OfferEvent[], command: OfferCommand) => given(offer.decider, events).when(command);

describe('An offer is never oversold', () => {
  it('holds what is free in each of the weeks, and says of which there is too little', () => {
    expect(when([published], holdIt(1, 600))).toEqual([held(1, 600)]);
    expect(when([published, held(1, 400)], holdIt(2, 201))).toEqual([
      {
        type: 'HoldDeclined',
        data: {
          ...{ allocationId: idOf(2), reasonCode: 'capacity-taken' },
          short: ['2026-W15', '2026-W16'].map((week) => ({ week, wanted: 201, free: 200 })),
        },
      },
    ]);
    expect(when([published, held(1, 400)], holdIt(2, 200))).toEqual([held(2, 200)]);
  });

  it('holds nothing outside of its window', () => {
    const data = { ...taking(1, 60), weeks: [{ from: '2026-W17', to: '2026-W18', minutes: 60 }] };
    expect(when([published], { type: 'HoldCapacity', data, context: context() })).toMatchObject([
      { type: 'HoldDeclined', data: { short: [{ week: '2026-W18', wanted: 60, free: 0 }] } },
    ]);
  });

  it('decides about an allocation once: what was declined, released or held stays so', () => {
    const declined = when([published, held(1, 600)], holdIt(2, 60)) as OfferEvent[];
    const released: OfferEvent = { type: 'HoldReleased', data: { allocationId: idOf(1), reasonCode: 'declined' } };
    expect(when([published, held(1, 600), ...declined, released], holdIt(2, 60))).toEqual([]);
    expect(when([published, held(1, 600), released], holdIt(1, 60))).toEqual([]);
    expect(when([published, held(1, 600)], holdIt(1, 600))).toEqual([]);
  });

  it('lets a hold that comes after its release not take anything', () => {
    const released = when([published], about('ReleaseHold', 1)) as OfferEvent[];
    expect(released).toMatchObject([{ type: 'HoldReleased' }]);
    expect(when([published, ...released], holdIt(1, 60))).toEqual([]);
  });

  it('gives what has expired to the next, and no longer to the first', () => {
    const taken = when([published, held(1, 600)], holdIt(2, 600, EXPIRES)) as OfferEvent[];
    expect(taken).toMatchObject([
      { type: 'HoldReleased', data: { allocationId: idOf(1), reasonCode: 'expired' } },
      { type: 'CapacityHeld', data: { allocationId: idOf(2) } },
    ]);
    // Decided late, though it was asked for in time.
    expect(when([published, held(1, 600), ...taken], about('ConfirmHold', 1))).toMatchObject({
      code: 'OFFER_HOLDS_NOTHING',
    });
    expect(when([published, held(1, 600)], about('ConfirmHold', 1, EXPIRES))).toMatchObject([
      { type: 'HoldConfirmed' },
    ]);
  });

  it('keeps what is confirmed, past its expiry', () => {
    const confirmed = when([published, held(1, 600)], about('ConfirmHold', 1)) as OfferEvent[];
    expect(confirmed).toMatchObject([{ type: 'HoldConfirmed' }]);
    const before = [published, held(1, 600), ...confirmed];
    expect(when(before, holdIt(2, 60, '2026-04-05T08:00:00.000Z'))).toMatchObject([{ type: 'HoldDeclined' }]);
    expect(when(before, about('ConfirmHold', 1, '2026-04-05T08:00:00.000Z'))).toEqual([]);
  });

  it('frees the weeks from one on, and keeps those before', () => {
    const data = { allocationId: idOf(1), reasonCode: 'given-up', fromWeek: '2026-W16' };
    const before = [published, held(1, 600)];
    const released = when(before, { type: 'ReleaseHold', data, context: context() }) as OfferEvent[];
    const state = fold(offer.decider.evolve, offer.decider.initialState, [...before, ...released]);
    expect([...freeOf(state)]).toEqual([
      ['2026-W16', 600],
      ['2026-W17', 600],
    ]);
    expect(when([...before, ...released], { type: 'ReleaseHold', data, context: context() })).toEqual([]);
  });

  it('gives nothing while it is paused, for whichever reason, and nothing after it is withdrawn', () => {
    const paused = (reasonCode: string): OfferEvent => ({ type: 'OfferPaused', data: { reasonCode } });
    const resumed = (reasonCode: string): OfferEvent => ({ type: 'OfferResumed', data: { reasonCode } });
    const reasonOf = (...events: OfferEvent[]) => when([published, ...events], holdIt(1, 60));
    expect(reasonOf(paused('organisation-suspended'))).toMatchObject([{ data: { reasonCode: 'offer-paused' } }]);
    expect(reasonOf(paused(STALE), paused('organisation-suspended'), resumed(STALE))).toMatchObject([
      { data: { reasonCode: 'offer-paused' } },
    ]);
    expect(reasonOf(paused(STALE), resumed(STALE))).toMatchObject([{ type: 'CapacityHeld' }]);
    const withdrawn: OfferEvent = { type: 'OfferWithdrawn', data: { reasonCode: 'no-longer' } };
    expect(reasonOf(withdrawn)).toMatchObject([{ data: { reasonCode: 'offer-withdrawn' } }]);
  });

  it('gives no less of a week to one need than its minimum block', () => {
    const blocks: OfferEvent = {
      type: 'OfferPublished',
      data: { organisationId, publishedBy: 'representative-1', facts: { ...offerFacts, minimumBlockMinutes: 240 } },
    };
    expect(when([blocks], holdIt(1, 239))).toMatchObject([{ data: { reasonCode: 'block-too-small' } }]);
    expect(when([blocks], holdIt(1, 240))).toMatchObject([{ type: 'CapacityHeld' }]);
  });

  const revise = (facts: Partial<typeof offerFacts>, at = AT): OfferCommand => ({
    type: 'ReviseOffer',
    data: { facts: { ...offerFacts, ...facts } },
    context: context(at),
  });

  it('cannot be revised to less than is taken of it', () => {
    expect(when([published, held(1, 300)], revise({ minutesPerWeek: 299 }))).toMatchObject({
      code: 'OFFER_OVERSOLD_BY_REVISION',
      data: { short: [{ week: '2026-W15', wanted: 300, free: 299 }, { week: '2026-W16' }] },
    });
    expect(when([published, held(1, 300)], revise({ minutesPerWeek: 300 }))).toMatchObject([{ type: 'OfferRevised' }]);
  });

  it('can be revised whatever was taken of weeks that are over, of which nothing more can be had', () => {
    const [sunday, monday] = ['2026-04-12T21:59:59.999Z', '2026-04-12T22:00:00.000Z'];
    const taken: OfferEvent = {
      type: 'CapacityHeld',
      data: { ...taking(1, 300), weeks: [{ from: '2026-W15', to: '2026-W15', minutes: 300 }] },
    };
    const less = { minutesPerWeek: 60, from: '2026-04-13' };
    expect(when([published, taken], revise(less, sunday))).toMatchObject({ code: 'OFFER_OVERSOLD_BY_REVISION' });
    expect(when([published, taken], revise(less, monday))).toMatchObject([{ type: 'OfferRevised' }]);
    expect(when([published], holdIt(1, 60, sunday))).toMatchObject([{ type: 'CapacityHeld' }]);
    expect(when([published], holdIt(1, 60, monday))).toMatchObject([
      { type: 'HoldDeclined', data: { short: [{ week: '2026-W15', wanted: 60, free: 0 }] } },
    ]);
  });

  it('is assured, which lifts the pause of what nobody had assured', () => {
    const stale: OfferEvent = { type: 'OfferPaused', data: { reasonCode: STALE } };
    const assure: OfferCommand = { type: 'AssureOffer', data: {}, context: context() };
    expect(when([published, stale], assure)).toMatchObject([
      { type: 'OfferAssured' },
      { type: 'OfferResumed', data: { reasonCode: STALE } },
    ]);
    expect(when([published], assure)).toMatchObject([{ type: 'OfferAssured' }]);
    const pause = (assurances: number): OfferCommand => ({
      ...{ type: 'PauseStaleOffer', data: { assurances }, context: context() },
    });
    expect(when([published], pause(1))).toEqual([stale]);
    expect(when([published, stale], pause(1))).toEqual([]);
    // Somebody was faster than the clock.
    const assured: OfferEvent = { type: 'OfferAssured', data: { assuredBy: 'representative-1' } };
    expect(when([published, assured], pause(1))).toEqual([]);
    expect(when([published, assured], pause(2))).toEqual([stale]);
  });

  it('over random interleavings, each step of which may be repeated, late, or out of order', () => {
    const step = fc.record({
      n: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom(
        ...(['hold', 'hold', 'hold', 'hold', 'confirm', 'confirm', 'release', 'release-from'] as const),
        ...(['revise', 'revise', 'pause', 'resume'] as const),
      ),
      from: fc.constantFrom('2026-W15', '2026-W15', '2026-W16', '2026-W17'),
      length: fc.constantFrom(0, 0, 1, 2),
      minutes: fc.integer({ min: 1, max: 700 }).map((most) => Math.ceil(most / (most % 3 || 4))),
      hour: fc.integer({ min: 0, max: 23 }),
      weeksLater: fc.integer({ min: 0, max: 9 }).map((some) => (some === 0 ? 1 : 0)),
    });
    type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
    const holding: Step = { n: 1, kind: 'hold', from: '2026-W15', length: 0, minutes: 300, hour: 1, weeksLater: 0 };
    const revisedWhenOver: Step[] = [
      holding,
      { ...holding, kind: 'confirm' },
      { ...holding, kind: 'resume', weeksLater: 1 },
      { ...holding, kind: 'revise', weeksLater: 1, minutes: 60 },
    ];
    let heldOften = 0;
    let cutWhenOver = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        let state: OfferState = offer.decider.evolve(offer.decider.initialState, published);
        const confirmed = new Set<string>();
        let day = '2026-04-01';
        let takenBefore = new Map<string, number>();
        for (const { n, kind, from, length, minutes, hour, weeksLater } of steps) {
          day = addDays(day, 7 * weeksLater);
          const at = `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
          const to = `2026-W${Number(from.slice(6)) + length}`;
          const data = { ...taking(n, minutes, `${day}T12:00:00.000Z`), weeks: [{ from, to, minutes }] };
          const release = { allocationId: idOf(n), reasonCode: 'x' };
          const facts = { ...offerFacts, minutesPerWeek: minutes };
          const commands: Readonly<Record<typeof kind, OfferCommand>> = {
            hold: { type: 'HoldCapacity', data, context: context(at) },
            confirm: about('ConfirmHold', n, at),
            release: { type: 'ReleaseHold', data: release, context: context(at) },
            'release-from': { type: 'ReleaseHold', data: { ...release, fromWeek: from }, context: context(at) },
            revise: { type: 'ReviseOffer', data: { facts }, context: context(at) },
            pause: { type: 'PauseOffer', data: { reasonCode: 'x' }, context: context(at) },
            resume: { type: 'ResumeOffer', data: { reasonCode: 'x' }, context: context(at) },
          };
          const command = commands[kind];
          const decided: Decision<OfferEvent> = offer.decider.decide(command, state);
          if (isRefusal(decided)) continue;
          state = fold(offer.decider.evolve, state, decided);
          if (state.stage === 'none') throw new Error('It is there.');
          // Repeated at once, nothing more comes of it.
          const again = offer.decider.decide(command, state);
          expect(isRefusal(again) || again.length === 0 || kind === 'revise').toBe(true);
          const [offered, taken] = [minutesByWeek(state.facts), takenByWeek(state.holds)];
          for (const [week, sum] of taken) {
            const most = (week < weekOf(day) ? takenBefore : offered).get(week) ?? 0;
            expect(sum).toBeLessThanOrEqual(most);
            if (sum > (offered.get(week) ?? 0)) cutWhenOver += 1;
          }
          takenBefore = new Map(taken);
          for (const { type, data: told } of decided) {
            if (type === 'CapacityHeld') heldOften += 1;
            if (type === 'HoldConfirmed') confirmed.add(told.allocationId);
            if (type === 'HoldReleased') confirmed.delete(told.allocationId);
          }
          for (const id of confirmed) expect(byWeek(state.holds.get(id)?.weeks ?? []).size).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200, examples: [[revisedWhenOver]] },
    );
    expect(heldOften).toBeGreaterThan(150);
    expect(cutWhenOver).toBeGreaterThan(0);
  });
});
