import fc from 'fast-check';
import { meetsHardRules } from '../feasibility';
import { buildProblem } from './build-problem';
import { FeasiblePairs } from './feasible-pairs';
import { MOST_SCORE } from './matching-problem';
import type { RoundInputs } from './round-inputs';
import { needInput, offerInput, randomInputs, roundSettings } from './round-inputs.given';
import { Scoring } from './score';

const inputs = (changed: Partial<RoundInputs>): RoundInputs => ({
  ...{ offers: [], needs: [], shortages: [], pausedOrganisationIds: [], settings: roundSettings },
  ...changed,
});

describe('The pairs of a round', () => {
  it('are all that meet the hard rules, found without comparing all with all', () => {
    let pairs = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const given = randomInputs(seed, { offers: 15, needs: 20 });
        const all = given.needs.flatMap((need, at) =>
          given.offers.flatMap((offer, index) =>
            meetsHardRules(offer, need, given.settings.today) ? [{ need: at, offer: index }] : [],
          ),
        );
        const index = new FeasiblePairs(given);
        const found = given.needs.flatMap((_, need) => index.of(need).map((offer) => ({ need, offer })));
        expect(found).toEqual(all);
        pairs += all.length;
      }),
      { numRuns: 30 },
    );
    expect(pairs).toBeGreaterThan(150);
  });

  it('leave out what is allocated already or was declined, organisations that hoard, and needs with supporters enough', () => {
    const need = needInput(1);
    const supplied = (offerId: string) => [{ offerId, weeks: [{ from: '2026-W15', to: '2026-W15', minutes: 100 }] }];
    const pairsOf = (given: Partial<RoundInputs>) => {
      const { problem } = buildProblem(inputs({ offers: [offerInput(1), offerInput(2)], needs: [need], ...given }));
      return { offers: [...problem.pairOffer], wanted: [...problem.wanted], most: [...problem.mostSupporters] };
    };
    expect(pairsOf({})).toEqual({ offers: [0, 1], wanted: [300, 300, 300, 300], most: [0, 0, 0, 0] });
    expect(pairsOf({ needs: [{ ...need, supplies: supplied(offerInput(1).id) }] })).toEqual({
      ...{ offers: [1], wanted: [200, 300, 300, 300], most: [0, 0, 0, 0] },
    });
    const declined = [{ offerId: offerInput(2).id, weeks: [] }];
    expect(pairsOf({ needs: [{ ...need, facts: { ...need.facts, mostSupporters: 1 }, supplies: declined }] })).toEqual({
      ...{ offers: [0], wanted: [300, 300, 300, 300], most: [1, 1, 1, 1] },
    });
    expect(pairsOf({ pausedOrganisationIds: [offerInput(2).organisationId] }).offers).toEqual([0]);
    const limited = { ...need, facts: { ...need.facts, mostSupporters: 1 } };
    expect(pairsOf({ needs: [limited] }).most).toEqual([1, 1, 1, 1]);
    expect(pairsOf({ needs: [{ ...limited, supplies: supplied('x') }] })).toMatchObject({
      ...{ wanted: [0, 300, 300, 300], most: [0, 1, 1, 1] },
    });
  });

  it('propose nothing of an offer before its lead time is over', () => {
    const offers = [offerInput(1, { leadTimeDays: 6 })];
    expect([...buildProblem(inputs({ offers, needs: [needInput(1)] })).problem.free]).toEqual([0, 600, 600, 0]);
  });
});

describe('The score of a pair', () => {
  const termsOf = (need = needInput(1), offer = offerInput(1), shortages: RoundInputs['shortages'] = []) => {
    const scoring = new Scoring(roundSettings, shortages);
    const terms = scoring.ofPair(need, offer, scoring.ofNeed(need));
    return { ...terms, score: scoring.score(terms) };
  };

  it('is made of named terms of 0 to 100 points each', () => {
    expect(termsOf()).toEqual({
      ...{ fit: 38, date: 57, strain: 50, waiting: 51, load: 40, distance: 100, shortage: 0, score: 494 },
    });
  });

  it('rises with the date, strain, waiting, load, nearness and shortage, each on its own', () => {
    expect(termsOf(needInput(1, { neededBy: '2026-04-06' })).date).toBeGreaterThan(termsOf().date);
    expect(termsOf(needInput(1, { strain: 'overloaded' })).strain).toBe(100);
    expect(termsOf({ ...needInput(1), openedAt: '2025-01-01T00:00:00.000Z' }).waiting).toBe(100);
    expect(termsOf(needInput(1, { peoplePerHelper: 500 })).load).toBe(100);
    expect(termsOf(needInput(1), offerInput(1, { regionKeys: ['09000000'] })).distance).toBe(50);
    const remote = { regionKeys: [], isRemotePossible: true };
    expect(termsOf(needInput(1, { isRemotePossible: true }), offerInput(1, remote)).distance).toBe(0);
    const shortage = { id: 'x', fieldKey: 'orientation', regionKey: '09000000' };
    expect(termsOf(needInput(1), offerInput(1), [shortage]).shortage).toBe(100);
    expect(termsOf(needInput(1), offerInput(1), [{ ...shortage, regionKey: '09163000' }]).shortage).toBe(0);
    const wishes = needInput(1, { niceSkills: [{ key: 'translation', level: 3 }] });
    const skilled = offerInput(1, {
      skills: [
        { key: 'counselling', level: 3 },
        { key: 'translation', level: 3 },
      ],
    });
    expect(termsOf(wishes, skilled).fit).toBeGreaterThan(termsOf(wishes).fit);
  });

  it('is a whole number from 1 to the most, whatever comes in', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { problem, termsOf: terms } = buildProblem(randomInputs(seed, { offers: 10, needs: 10 }));
        problem.pairScore.forEach((score, pair) => {
          expect(score).toBeGreaterThanOrEqual(1);
          expect(score).toBeLessThanOrEqual(MOST_SCORE);
          for (const points of Object.values(terms(pair))) {
            expect(Number.isInteger(points) && points >= 0 && points <= 100).toBe(true);
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('The near misses of a need', () => {
  it('are offers that lack one thing, with the smallest change that would mend it', () => {
    const offers = [
      offerInput(1, { skills: [{ key: 'counselling', level: 1 }] }),
      offerInput(2, { fieldKeys: ['health'] }),
      offerInput(3, { fieldKeys: ['health'], skills: [] }),
      offerInput(4, { regionKeys: ['11000000'] }),
      { ...offerInput(5), organisationId: needInput(1).organisationId },
    ];
    expect(new FeasiblePairs(inputs({ offers, needs: [needInput(1)] })).nearMisses(0, 10)).toEqual([
      { offerId: offerInput(1).id, rule: 'SKILLS_THERE', change: 'counselling at level 2 instead of 1' },
      { offerId: offerInput(2).id, rule: 'FIELD_SHARED', change: 'an offer in the field accommodation or orientation' },
      { offerId: offerInput(4).id, rule: 'REGION_REACHED', change: 'an offer that reaches the region 09162000' },
    ]);
  });
});
