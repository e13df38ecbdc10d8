import { fold, given, isRefusal } from '@alliance/event-sourcing';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, euros, ids, theCall, who } from '../grant/grant.given';
import { reviewsSuffice } from '../review-sufficiency';
import { grantReviews, type ReviewCommand } from './review.decider';
import { reviewDefinitions } from './review.events';

type Assignment = Extract<ReviewCommand, { type: 'AssignReviewers' }>['data'];
type Said = Extract<ReviewCommand, { type: 'SubmitReview' }>['data'];

const { decider } = grantReviews;
const [first, second] = who.reviewers;
const third = 'reviewer-3';
const outside = {
  panel: [first, second, third, who.representative].map((subject) => ({ subject })),
  interestedOrganisationIds: [ids.applicant, ids.donor],
};
const employedBy = (subject: string, organisationId: string) => ({
  panel: [...outside.panel, { subject, organisationId }],
});

const assign = (
  subjects: readonly string[],
  more: Partial<Assignment> = {},
  by = context(who.officer),
): ReviewCommand => ({
  type: 'AssignReviewers',
  data: { ...outside, subjects, ...more },
  context: by,
});
const scores = (need: number, reach: number) => [
  { key: 'need', points: need },
  { key: 'reach', points: reach },
];
const submit = (more: Partial<Said> = {}, by = context(first)): ReviewCommand => ({
  type: 'SubmitReview',
  data: { ...outside, scores: scores(8, 5), rationale: 'Trägt.', recommendation: 'fund', ...more },
  context: by,
});

const inReview = aGrant({ upTo: 'in-review' });
const reviewed = aGrant({ upTo: 'reviewed' });
const conflict = (subject: string): GrantEvent => ({
  type: 'ConflictDeclared',
  data: { subject, kind: 'personal', declaredBy: subject },
});
const refused = (code: string) => expect.objectContaining({ code });

describe('assigning reviewers', () => {
  it('names all who review from now on, once', () => {
    expect(given(decider, inReview).when(assign([first, third]))).toEqual([
      { type: 'ReviewersAssigned', data: { subjects: [first, third], assignedBy: who.officer } },
    ]);
    expect(given(decider, inReview).when(assign([second, first]))).toEqual([]);
  });

  it.each([[[first]], [[first, first]], [[first, second, third, who.representative]]])(
    'asks for two or three different persons, not %j',
    (subjects) => {
      expect(given(decider, inReview).when(assign(subjects))).toMatchObject({
        refused: 'unprocessable',
        code: 'REVIEWERS_NOT_TWO_OR_THREE',
      });
    },
  );

  it('takes them from the panel of the call', () => {
    expect(given(decider, inReview).when(assign([first, 'stranger-1']))).toMatchObject({
      code: 'REVIEWER_NOT_ON_PANEL',
      data: { subjects: ['stranger-1'] },
    });
  });

  it('takes nobody who applied for it, or is conflicted by word or by employer', () => {
    const excluded = (subject: string) => ({ code: 'REVIEWER_EXCLUDED', data: { subjects: [subject] } });
    const after = given(decider, inReview);
    expect(after.when(assign([first, who.representative]))).toMatchObject(excluded(who.representative));
    expect(after.when(assign([first, third], employedBy(third, ids.donor)))).toMatchObject(excluded(third));
    expect(given(decider, [...inReview, conflict(third)]).when(assign([first, third]))).toMatchObject(excluded(third));
  });

  it('is not done by who is conflicted', () => {
    const after = given(decider, inReview);
    expect(after.when(assign([first, third], {}, context(who.officer, ids.applicant)))).toMatchObject({
      refused: 'forbidden',
      code: 'REVIEW_CONFLICTED',
    });
  });
});

describe('submitting a review', () => {
  it('records the scores by the weights of the call, and where the reviewer stood', () => {
    const command = submit({
      scores: scores(8, 5).reverse(),
      amount: euros(9_000),
      ...employedBy(first, ids.structure),
    });
    expect(given(decider, inReview).when(command)).toEqual([
      {
        type: 'ReviewSubmitted',
        data: {
          reviewedBy: first,
          organisationIds: [ids.structure],
          interestedOrganisationIds: [...outside.interestedOrganisationIds].sort(),
          scores: scores(8, 5),
          weighted: 6_800,
          rationale: 'Trägt.',
          recommendation: 'fund',
          amount: euros(9_000),
        },
      },
    ]);
  });

  it('is done by who is assigned', () => {
    expect(given(decider, inReview).when(submit({}, context(third)))).toMatchObject({
      refused: 'forbidden',
      code: 'REVIEW_NOT_ASSIGNED',
    });
    const replaced: GrantEvent = {
      type: 'ReviewersAssigned',
      data: { subjects: [second, third], assignedBy: who.officer },
    };
    expect(given(decider, [...inReview, replaced]).when(submit())).toEqual(refused('REVIEW_NOT_ASSIGNED'));
    expect(given(decider, [...inReview, replaced]).when(submit({}, context(third)))).toHaveLength(1);
  });

  it('is done by who has declared to have no conflict, and has none', () => {
    const undeclared = inReview.filter(({ type, data }) => type !== 'NoConflictDeclared' || data.subject !== first);
    expect(given(decider, undeclared).when(submit())).toEqual(refused('REVIEW_UNDECLARED'));
    const stands = refused('REVIEW_CONFLICTED');
    expect(given(decider, [...inReview, conflict(first)]).when(submit())).toEqual(stands);
    expect(given(decider, inReview).when(submit({}, context(first, ids.donor)))).toEqual(stands);
    expect(given(decider, inReview).when(submit(employedBy(first, ids.applicant)))).toEqual(stands);
  });

  it('is not done by who has come to work on the application', () => {
    const [, drafted] = aGrant({ upTo: 'drafted' });
    if (drafted?.type !== 'ApplicationRevised') throw new Error('no revision in the history');
    const helped: GrantEvent = { ...drafted, data: { ...drafted.data, revisedBy: first } };
    expect(given(decider, [...inReview, helped]).when(submit())).toEqual(refused('REVIEW_OF_OWN_APPLICATION'));
    const handedIn = inReview.map((event): GrantEvent =>
      event.type === 'ApplicationSubmitted' ? { ...event, data: { ...event.data, submittedBy: first } } : event,
    );
    expect(given(decider, handedIn).when(submit())).toEqual(refused('REVIEW_OF_OWN_APPLICATION'));
  });

  it('scores each criterion once', () => {
    const incomplete = (some: Said['scores']) => given(decider, inReview).when(submit({ scores: some }));
    expect(incomplete([{ key: 'beauty', points: 1 }])).toMatchObject({
      refused: 'unprocessable',
      code: 'REVIEW_SCORES_INCOMPLETE',
      data: { missing: ['need', 'reach'], unknown: ['beauty'], repeated: [] },
    });
    expect(incomplete([...scores(8, 5), { key: 'need', points: 9 }])).toMatchObject({
      data: { missing: [], unknown: [], repeated: ['need'] },
    });
  });

  it('scores within the range of the criterion', () => {
    const points = (need: number) => given(decider, inReview).when(submit({ scores: scores(need, 5) }));
    expect(points(11)).toMatchObject({
      refused: 'unprocessable',
      code: 'REVIEW_POINTS_OUT_OF_RANGE',
      data: { outOfRange: [{ key: 'need', points: 11, mostPoints: 10 }] },
    });
    expect(points(-1)).toEqual(refused('REVIEW_POINTS_OUT_OF_RANGE'));
    expect(points(0)).toHaveLength(1);
    expect(points(10)).toHaveLength(1);
  });

  it('recommends no more than is requested', () => {
    expect(given(decider, inReview).when(submit({ amount: euros(12_000) }))).toHaveLength(1);
    expect(given(decider, inReview).when(submit({ amount: euros(12_001) }))).toMatchObject({
      code: 'REVIEW_AMOUNT_OVER_REQUESTED',
      detail: expect.stringContaining('12,000.00 EUR'),
    });
  });

  it('takes the place of the one before, unless it says the same', () => {
    const said = given(decider, inReview).when(submit());
    if (isRefusal(said)) throw new Error('refused');
    const after = given(decider, [...inReview, ...said]);
    expect(after.when(submit())).toEqual([]);
    expect(after.when(submit({ recommendation: 'reject' }))).toMatchObject([{ data: { recommendation: 'reject' } }]);
  });

  it('keeps to the schema and between nothing and all, whatever points and weights there are', () => {
    const criterion = fc.record({ weight: fc.integer({ min: 1, max: 20 }), most: fc.integer({ min: 1, max: 100 }) });
    const [drafted, ...rest] = inReview;
    if (drafted?.type !== 'GrantDrafted') throw new Error('no draft in the history');
    fc.assert(
      fc.property(
        fc.array(criterion, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (some, part) => {
          const left = 100 - some.reduce((sum, { weight }) => sum + weight, 0);
          const criteria = some.map(({ weight, most }, index) => ({
            key: `k-${index}`,
            label: 'Kriterium',
            weightPercent: index === 0 ? weight + left : weight,
            mostPoints: most,
          }));
          const history: GrantEvent[] = [
            { ...drafted, data: { ...drafted.data, call: { ...theCall, criteria } } },
            ...rest,
          ];
          const weighted = (of: number) => {
            const points = criteria.map(({ key, mostPoints }) => ({ key, points: Math.floor(mostPoints * of) }));
            const decided = given(decider, history).when(submit({ scores: points }));
            if (isRefusal(decided)) throw new Error(decided.code);
            const [event] = decided;
            if (event?.type !== 'ReviewSubmitted') throw new Error('no review');
            expect(Value.Check(reviewDefinitions.ReviewSubmitted.schema, event.data)).toBe(true);
            return event.data.weighted;
          };
          expect([weighted(0), weighted(1)]).toEqual([0, 10_000]);
          expect(weighted(part)).toBeLessThanOrEqual(part * 10_000 + 0.5 + 1e-6);
        },
      ),
    );
  });
});

describe('reviews have their time', () => {
  it.each([
    ['drafted', 'before-review'],
    ['submitted', 'before-review'],
    ['recommended', 'after-review'],
    ['closed', 'after-review'],
  ] as const)('which a grant that is %s is not in', (upTo, stage) => {
    for (const command of [submit(), assign([first, third])]) {
      expect(given(decider, aGrant({ upTo })).when(command)).toMatchObject({
        refused: 'conflict',
        code: 'REVIEW_WRONG_STAGE',
        data: { stage, needed: ['in-review'] },
      });
    }
  });

  it('which ends while information is missing, and when the applicant withdraws', () => {
    const asked: GrantEvent = { type: 'InformationRequested', data: { items: ['statutes'], requestedBy: who.officer } };
    const gone: GrantEvent = { type: 'GrantWithdrawn', data: { reasonCode: 'other-funds', withdrawnBy: who.officer } };
    for (const event of [asked, gone]) {
      expect(given(decider, [...inReview, event]).when(submit())).toEqual(refused('REVIEW_WRONG_STAGE'));
    }
  });

  it('which comes again when the decision is deferred, or the award comes to nothing', () => {
    const recommended = aGrant({ upTo: 'recommended' });
    const deferred: GrantEvent = { type: 'GrantDeferred', data: { version: 1 } };
    const blocked: GrantEvent = {
      type: 'AwardBlocked',
      data: { attempt: 1, code: 'POT_INSUFFICIENT', detail: 'The pot does not suffice.' },
    };
    for (const event of [deferred, blocked]) {
      expect(given(decider, [...recommended, event]).when(submit())).toHaveLength(1);
    }
  });

  it('is for grants that are there', () => {
    expect(given(decider, []).when(submit())).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
  });
});

it('reviews that disagree strongly ask a third, who is assigned besides, and then suffice', () => {
  const rule = { atLeast: 2, spreadPercent: 30 };
  const sufficiency = (events: readonly GrantEvent[]) => {
    const state = fold(decider.evolve, decider.initialState, events);
    if (state.stage === 'none') throw new Error('no grant');
    return reviewsSuffice(state.reviews.reviews, rule);
  };
  const history = [...reviewed];
  const go = (command: ReviewCommand) => {
    const decided = given(decider, history).when(command);
    if (isRefusal(decided)) throw new Error(decided.code);
    history.push(...decided);
  };
  go(submit({ scores: scores(1, 1), recommendation: 'reject' }, context(second)));
  expect(sufficiency(history)).toMatchObject({ suffice: false, needsThird: true });
  go(assign([first, second, third]));
  go(submit({}, context(third)));
  expect(sufficiency(history)).toMatchObject({ suffice: true, needsThird: false });
});
