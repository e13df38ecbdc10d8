import fc from 'fast-check';
import { byWeek } from '../weekly-minutes';
import { buildProblem } from './build-problem';
import { unservedNeeds } from './explanation';
import type { MatchingProblem } from './matching-problem';
import { proposalsOf } from './proposals';
import type { NeedInput, OfferInput, RoundInputs } from './round-inputs';
import { needInput, offerInput, randomInputs, roundSettings } from './round-inputs.given';
import { solveWeeks } from './solve-weeks';

function explained(given: Partial<RoundInputs>, shouldStop?: () => boolean) {
  const inputs: RoundInputs = {
    ...{ offers: [], needs: [], shortages: [], pausedOrganisationIds: [], settings: roundSettings },
    ...given,
  };
  const built = buildProblem(inputs);
  const solved = solveWeeks(built.problem, { shouldStop });
  return {
    built,
    solved,
    proposals: proposalsOf(inputs, built, solved),
    unserved: unservedNeeds(inputs, built, solved),
  };
}

const window = { from: '2026-04-06', until: '2026-05-03', leadTimeDays: 0 };
const offer = (n: number, facts: Partial<OfferInput['facts']> = {}) => offerInput(n, { ...window, ...facts });
const need = (n: number, facts: Partial<NeedInput['facts']> = {}) =>
  needInput(n, { from: window.from, until: window.until, minutesPerWeek: 600, ...facts });
const allWeeks = (minutes: number) => [{ from: roundSettings.firstWeek, to: roundSettings.lastWeek, minutes }];

describe('Explanation per unserved need: binding reason, nearest misses with the smallest change', () => {
  it('tells nothing of a need that has all it asks for', () => {
    const { proposals, unserved } = explained({ offers: [offer(1, { minutesPerWeek: 600 })], needs: [need(1)] });
    expect(proposals).toMatchObject([{ needId: need(1).id, offerId: offer(1).id, weeks: allWeeks(600) }]);
    expect(unserved).toEqual([]);
  });

  it('no offer of its field is there', () => {
    expect(explained({ offers: [offer(1, { fieldKeys: ['health'], skills: [] })], needs: [need(1)] }).unserved).toEqual(
      [
        {
          needId: need(1).id,
          severity: need(1).severity,
          weeks: allWeeks(600),
          reason: 'NO_OFFER_IN_FIELD',
          nearestMisses: [],
        },
      ],
    );
  });

  it('a hard rule leaves all out: the one that leaves out most', () => {
    const unskilled = { skills: [{ key: 'counselling', level: 1 }] };
    const offers = [offer(1, unskilled), offer(2, unskilled), offer(3, { regionKeys: ['11000000'] })];
    expect(explained({ offers, needs: [need(1)] }).unserved).toMatchObject([
      {
        ...{ reason: 'HARD_RULE', rule: 'SKILLS_THERE' },
        nearestMisses: [
          { offerId: offer(1).id, lacks: 'SKILLS_THERE', change: 'counselling at level 2 instead of 1' },
          { offerId: offer(2).id, lacks: 'SKILLS_THERE' },
          { offerId: offer(3).id, lacks: 'REGION_REACHED' },
        ],
      },
    ]);
  });

  it('whoever fits helps already, or gets no new proposals', () => {
    const pausedOrganisationIds = [offer(1).organisationId];
    expect(explained({ offers: [offer(1)], needs: [need(1)], pausedOrganisationIds }).unserved).toMatchObject([
      { reason: 'NO_OTHER_OFFER', nearestMisses: [] },
    ]);
  });

  it('nothing of what fits is free', () => {
    const taken = { ...offer(1), free: new Map<string, number>() };
    const change = '600 minutes a week that are free of it';
    expect(explained({ offers: [taken], needs: [need(1)] }).unserved).toMatchObject([
      { reason: 'NOTHING_FREE', nearestMisses: [{ offerId: offer(1).id, lacks: 'FREE_MINUTES', change }] },
    ]);
  });

  it('a minimum block, or supporters that it can look after', () => {
    const large = offer(1, { minimumBlockMinutes: 300, minutesPerWeek: 800 });
    expect(explained({ offers: [large], needs: [need(1), need(2)] }).unserved).toMatchObject([
      {
        ...{ reason: 'LIMITS', weeks: allWeeks(600) },
        nearestMisses: [
          { offerId: large.id, lacks: 'MINIMUM_BLOCK', change: 'a minimum block of less than 300 minutes' },
        ],
      },
    ]);
    const few = explained({
      offers: [offer(1, { minutesPerWeek: 300 }), offer(2, { minutesPerWeek: 300 })],
      needs: [need(1, { mostSupporters: 1 })],
    }).unserved;
    expect(few).toMatchObject([{ reason: 'ALL_TAKEN', weeks: allWeeks(300) }]);
    expect(few[0]?.nearestMisses.map(({ lacks }) => lacks)).toContain('MOST_SUPPORTERS');
  });

  it('all is taken by more severe needs, which no score makes up for', () => {
    const needs = [need(1, { severity: 3 }), need(2, { severity: 1 })].map((one) => ({
      ...one,
      severity: one.facts.severity,
    }));
    expect(explained({ offers: [offer(1, { minutesPerWeek: 600 })], needs }).unserved).toMatchObject([
      { needId: needs[1]?.id, reason: 'TAKEN_BY_MORE_SEVERE', nearestMisses: [] },
    ]);
  });

  it('all is taken by needs with a higher score, and so many points are lacking', () => {
    const needs = [need(1, { strain: 'overloaded' }), need(2, { strain: 'challenging' })];
    const { built, unserved } = explained({ offers: [offer(1, { minutesPerWeek: 600 })], needs });
    const [more, less] = [...built.problem.pairScore];
    const change = `a score that is ${(more ?? 0) - (less ?? 0) + 1} points higher`;
    expect(unserved).toMatchObject([
      { reason: 'TAKEN_BY_HIGHER_SCORE', nearestMisses: [{ offerId: offer(1).id, lacks: 'SCORE', change }] },
    ]);
  });

  it('the round was stopped too early to say', () => {
    const inputs = randomInputs(1, { offers: 150, needs: 400 });
    expect(explained(inputs, () => true).unserved.some(({ reason }) => reason === 'STOPPED')).toBe(true);
  });

  it('as many points as it says give the offer’s minutes to the need, and one point less does not', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomInputs(seed, { offers: 3, needs: 12 });
        const place = { fieldKeys: ['orientation'], from: window.from };
        const offers = random.offers.map((one) =>
          offerInput(Number(one.id.slice(-12)), {
            ...{ ...one.facts, ...place, regionKeys: ['09000000'], leadTimeDays: 0 },
            minimumBlockMinutes: undefined,
          }),
        );
        // Of one class, so that points can make up for what is lacking.
        const needs = random.needs.map((one) => {
          const facts = { ...one.facts, ...place, mustSkills: [], mostSupporters: undefined };
          return { ...one, severity: 2, facts };
        });
        const settings = { ...random.settings, lastWeek: random.settings.firstWeek };
        const { built, solved, unserved } = explained({ ...random, offers, needs, settings });
        const { problem } = built;
        const objectiveBeyond = (pair: number, points: number) => {
          const pairScore = problem.pairScore.slice();
          pairScore[pair] = (pairScore[pair] as number) + points;
          return objectiveOf({ ...problem, pairScore }) - (solved[0]?.objective ?? 0);
        };
        for (const { needId, nearestMisses } of unserved) {
          for (const { offerId, lacks, change } of nearestMisses) {
            if (lacks !== 'SCORE') continue;
            const points = Number(/\d+/.exec(change)?.[0]);
            const pair = problem.pairNeed.findIndex(
              (at, index) =>
                problem.needIds[at] === needId && problem.offerIds[problem.pairOffer[index] as number] === offerId,
            );
            expect(objectiveBeyond(pair, points)).toBeGreaterThan(0);
            expect(objectiveBeyond(pair, points - 1)).toBe(0);
            tried += 1;
          }
        }
      }),
      { numRuns: 30 },
    );
    expect(tried).toBeGreaterThan(20);
  });

  it('what is proposed and what is unserved are together what is wanted', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { built, proposals, unserved } = explained(randomInputs(seed, { offers: 10, needs: 20 }));
        const { weeks, wanted, needIds } = built.problem;
        needIds.forEach((id, need) => {
          const runs = [...proposals, ...unserved].flatMap((one) => (one.needId === id ? one.weeks : []));
          const found = byWeek(runs);
          weeks.forEach((week, at) => expect(found.get(week) ?? 0).toBe(wanted[need * weeks.length + at]));
        });
      }),
      { numRuns: 30 },
    );
  });
});

function objectiveOf(problem: MatchingProblem): number {
  return solveWeeks(problem).reduce((sum, { objective }) => sum + objective, 0);
}
