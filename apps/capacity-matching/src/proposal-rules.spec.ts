import fc from 'fast-check';
import { hardRuleFaults, sharedWeeks } from './feasibility';
import { buildProblem } from './matching-round/build-problem';
import { proposalsOf } from './matching-round/proposals';
import { randomFrom } from './matching-round/random-problem.given';
import type { NeedInput, OfferInput, RoundInputs } from './matching-round/round-inputs';
import { needInput, offerInput, randomInputs } from './matching-round/round-inputs.given';
import { solveWeeks } from './matching-round/solve-weeks';
import { isBelowBlock, shortWeeks } from './offer/offer-ledger';
import { refusedProposal, type UnderWay } from './proposal-rules';
import { byWeek, minutesByWeek } from './weekly-minutes';

const TODAY = '2026-04-01';

/** Some come on certain weekdays only, and some needs are supplied already by offers that the round does not see. */
function market(seed: number): RoundInputs {
  const random = randomFrom(seed);
  const inputs = randomInputs(seed, { offers: 8, needs: 14 });
  const some: NeedInput['facts']['weekdays'] = ['mon', 'wed', 'fri'];
  const weekdays = () => (random(3) === 0 ? { weekdays: some.slice(random(3)) } : {});
  return {
    ...inputs,
    offers: inputs.offers.map((offer): OfferInput => {
      const facts = { ...offer.facts, ...weekdays() };
      return { ...offer, facts, free: minutesByWeek(facts) };
    }),
    needs: inputs.needs.map((need): NeedInput => {
      const facts = { ...need.facts, ...(random(3) === 0 && { weekdays: some }) };
      const weeks = [{ from: '2026-W16', to: '2026-W17', minutes: 30 }];
      return { ...need, facts, supplies: random(4) === 0 ? [{ offerId: offerInput(99).id, weeks }] : [] };
    }),
  };
}

describe('What a round proposes', () => {
  it('meets the rules of proposals by hand, one after the other, and what the offers have', () => {
    let proposed = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const inputs = market(seed);
        const built = buildProblem(inputs);
        const underWay = new Map<string, UnderWay>(inputs.needs.map(({ id, supplies }) => [id, supplies]));
        const taken = new Map<string, { weeks: readonly { from: string; to: string; minutes: number }[] }[]>();
        for (const { needId, offerId, weeks } of proposalsOf(inputs, built, solveWeeks(built.problem))) {
          const offered = inputs.offers.find(({ id }) => id === offerId) as OfferInput;
          const needed = inputs.needs.find(({ id }) => id === needId) as NeedInput;
          const before = underWay.get(needId) ?? [];
          expect(refusedProposal({ offerId, offered, needed, underWay: before, weeks }, TODAY)).toBeUndefined();
          expect(isBelowBlock(offered.facts, byWeek(weeks))).toBe(false);
          underWay.set(needId, [...before, { offerId, weeks }]);
          taken.set(offerId, [...(taken.get(offerId) ?? []), { weeks }]);
          proposed += 1;
        }
        for (const { id, free } of inputs.offers)
          expect(shortWeeks(byWeek((taken.get(id) ?? []).flatMap(({ weeks }) => [...weeks])), free)).toEqual([]);
      }),
    );
    expect(proposed).toBeGreaterThan(300);
  });
});

describe('The weeks in which an offer can help a need', () => {
  const shared = (need: Partial<NeedInput['facts']>, offer: Partial<OfferInput['facts']>) =>
    sharedWeeks(offerInput(1, offer), needInput(1, need), TODAY);

  it('begin and end with those in which all days of one of them are days of the other', () => {
    const need = { from: '2026-04-08', until: '2026-04-29' };
    expect(shared(need, { from: '2026-04-08', until: '2026-04-29' })).toEqual({ from: '2026-W15', to: '2026-W18' });
    expect(shared(need, { from: '2026-04-06', until: '2026-05-10' })).toEqual({ from: '2026-W15', to: '2026-W18' });
    expect(shared(need, { from: '2026-04-10', until: '2026-04-28' })).toEqual({ from: '2026-W15', to: '2026-W18' });
    // Until Wednesday, and from Tuesday on: each has a day that the other has not.
    expect(shared(need, { from: '2026-04-28', until: '2026-05-10' })).toBeUndefined();
    expect(shared({ until: '2026-04-22' }, { from: '2026-04-14', until: '2026-04-25' })).toEqual({
      ...{ from: '2026-W16', to: '2026-W17' },
    });
    expect(
      shared({ from: '2026-04-07', until: '2026-04-22' }, { from: '2026-04-06', until: '2026-04-11' }),
    ).toBeUndefined();
  });

  it('mind the lead time and the weekdays', () => {
    expect(shared({ from: '2026-04-06', until: '2026-04-26' }, { leadTimeDays: 8 })).toEqual({
      ...{ from: '2026-W15', to: '2026-W17' },
    });
    expect(shared({ from: '2026-04-06', until: '2026-04-08' }, { weekdays: ['sat'] })).toBeUndefined();
  });

  it('are told by the rule of the window where there is none', () => {
    const [offer, need] = [
      offerInput(1, { from: '2026-04-28', until: '2026-05-10' }),
      needInput(1, { until: '2026-04-29' }),
    ];
    expect(hardRuleFaults(offer, need, TODAY)).toEqual([
      { rule: 'WINDOW_SHARED', change: 'more days of a week in common than those from 2026-04-28 until 2026-04-29' },
    ]);
  });
});
