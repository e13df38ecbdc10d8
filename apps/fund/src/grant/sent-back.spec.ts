import { fold, given as givenOf } from '@alliance/event-sourcing';
import { grantReviews } from '../review/review.decider';
import { type ApplicationCommand, grantApplication } from './application.decider';
import { approve, award, block, given, outside, propose } from './decision.given';
import type { OutsideFacts } from './eligibility-state';
import { noAmounts, evolveAmounts } from './grant-amounts';
import type { GrantEvent } from './grant.events';
import { aGrant, context, ids, theCall, who } from './grant.given';
import { grantDecision } from './decision.decider';

const [first, second] = who.approvers;
const structures: OutsideFacts['structures'] = {
  ...outside.structures,
  demands: 'reason',
  overlaps: [
    {
      structureId: ids.donor,
      name: 'Rechtsberatung Ukraine',
      organisationId: ids.donor,
      score: 0.5,
      terms: { field: 1, region: 1, targetGroup: 1, service: 0.2 },
    },
  ],
};
/** What is there since the formal check. */
const overlapping: OutsideFacts = { ...outside, structures };
const independence = { panel: [], interestedOrganisationIds: [ids.applicant, ids.donor] };

const sendBack = (by: string = who.checker): ApplicationCommand => ({
  type: 'RequestInformation',
  data: { items: ['overlap-reason'], ...independence },
  context: context(by),
});
const submit = (overlapReason?: string): ApplicationCommand => ({
  type: 'SubmitApplication',
  data: { outside: overlapping, ...(overlapReason !== undefined && { overlapReason }) },
  context: context(who.representative, ids.applicant),
});
const check: ApplicationCommand = {
  type: 'PassFormalCheck',
  data: { seenVersion: 2, outside: overlapping, ...independence },
  context: context(who.checker),
};
/** What the stream holds after these, none of which is refused. */
function after(events: readonly GrantEvent[], ...commands: readonly ApplicationCommand[]): GrantEvent[] {
  return commands.reduce<GrantEvent[]>(
    (then, command) => [...then, ...(givenOf(grantApplication.decider, then).when(command) as readonly GrantEvent[])],
    [...events],
  );
}

const recommended = aGrant({ upTo: 'recommended' });
const sentBack = after(recommended, sendBack());
const onTheNext = after(sentBack, submit('In einer anderen Sprache.'), check);
const reviews = aGrant({ upTo: 'reviewed' }).filter(({ type }) => type === 'ReviewSubmitted');

describe('what overlaps since the formal check', () => {
  it('stops the award until the applicant has given a reason for it in the next version', () => {
    expect(given(...recommended).when(approve(first, { told: overlapping }))).toMatchObject({
      refused: 'conflict',
      data: { blockers: [{ code: 'DOUBLE_STRUCTURE_REASON' }] },
    });
    expect(givenOf(grantApplication.decider, sentBack).when(submit())).toMatchObject({
      code: 'GRANT_NOT_ELIGIBLE',
      data: { blockers: [{ code: 'DOUBLE_STRUCTURE_REASON' }] },
    });
    expect(onTheNext.slice(recommended.length)).toMatchObject([
      { type: 'InformationRequested', data: { items: ['overlap-reason'], requestedBy: who.checker } },
      { type: 'ApplicationSubmitted', data: { version: 2, overlapReason: 'In einer anderen Sprache.' } },
      { type: 'FormalCheckPassed', data: { version: 2, eligibility: { blockers: [] } } },
    ]);
    const [proposal] = given(...onTheNext, ...reviews).when(propose(award)) as readonly GrantEvent[];
    const proposed = [...onTheNext, ...reviews, ...(proposal === undefined ? [] : [proposal])];
    const half = given(...proposed).when(approve(first, { seenVersion: 2, told: overlapping }));
    const last = given(...proposed, ...(half as GrantEvent[])).when(
      approve(second, { seenVersion: 2, told: overlapping }),
    );
    expect(last).toMatchObject([{ type: 'DecisionApproved' }, { type: 'AwardDecided', data: { version: 2 } }]);
  });
});

describe('an application that is sent back from review', () => {
  const awarding = aGrant({ upTo: 'awarding' });
  const blocked = [...awarding, ...(given(...awarding).when(block()) as readonly GrantEvent[])];
  const deferred: GrantEvent[] = [...recommended, { type: 'GrantDeferred', data: { version: 1 } }];

  it.each([
    ['in review', aGrant({ upTo: 'in-review' })],
    ['recommended', recommended],
    ['deferred', deferred],
    ['of an award that came to nothing', blocked],
  ])('may be %s', (_, events) => {
    expect(givenOf(grantApplication.decider, events).when(sendBack())).toMatchObject([
      { type: 'InformationRequested' },
    ]);
  });

  it.each(['awarding', 'awarded', 'contracted', 'closed'] as const)('is not %s', (upTo) => {
    expect(givenOf(grantApplication.decider, aGrant({ upTo })).when(sendBack())).toMatchObject({
      code: 'GRANT_WRONG_STAGE',
    });
  });

  it.each([who.draftsOnly, who.representative])('is not sent back by %s, who wrote it', (subject) => {
    expect(givenOf(grantApplication.decider, recommended).when(sendBack(subject))).toMatchObject({
      refused: 'forbidden',
      code: 'GRANT_CHECKED_BY_REQUESTER',
    });
  });

  it('is decided on no more until its next version is reviewed', () => {
    for (const events of [sentBack, after(sentBack, submit('Andere Sprache.'))]) {
      expect(given(...events).when(approve(second))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
      expect(given(...events).when(propose(award))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    }
    expect(given(...onTheNext).when(approve(second))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    expect(given(...onTheNext).when(propose(award))).toMatchObject({
      code: 'GRANT_REVIEWS_INSUFFICIENT',
      data: { standing: 0 },
    });
  });

  it('is reviewed anew, by those who were asked, also where they say the same', () => {
    const again = {
      type: 'SubmitReview' as const,
      data: {
        ...independence,
        scores: theCall.criteria.map(({ key }) => ({ key, points: 8 })),
        rationale: 'Knüpft an Bestehendes an.',
        recommendation: 'fund' as const,
      },
      context: context(who.reviewers[0]),
    };
    expect(givenOf(grantReviews.decider, sentBack).when(again)).toMatchObject({ code: 'REVIEW_WRONG_STAGE' });
    expect(givenOf(grantReviews.decider, onTheNext).when(again)).toMatchObject([{ type: 'ReviewSubmitted' }]);
  });

  it('keeps who proposed before from approving, and refuses who has seen the proposal before', () => {
    const other = who.checker;
    const [proposal] = given(...onTheNext, ...reviews).when(propose(award, other)) as readonly GrantEvent[];
    if (proposal === undefined) throw new Error('Nothing was proposed.');
    const proposed = [...onTheNext, ...reviews, proposal];
    expect(given(...proposed).when(approve(first, { seenVersion: 1, told: overlapping }))).toMatchObject({
      refused: 'outdated',
      data: { seenVersion: 1, presentVersion: 2 },
    });
    const { endorsement } = fold(grantDecision.decider.evolve, grantDecision.decider.initialState, proposed) as {
      endorsement: { requesters: readonly string[]; approvals: readonly unknown[] };
    };
    expect(endorsement).toMatchObject({ requesters: expect.arrayContaining([who.officer, other]), approvals: [] });
  });

  it('asks for the reason for double funding anew', () => {
    const doubleFunding = [
      { ...{ grantId: ids.donor, lineKey: 'staff', from: '2026-04-01', to: '2026-12-31', stage: 'in-review' } },
    ].map((line) => ({ ...line, requested: theCall.minimum }));
    const [explained] = given(...aGrant({ upTo: 'reviewed' })).when(
      propose(award, who.officer, doubleFunding),
    ) as readonly GrantEvent[];
    if (explained === undefined) throw new Error('Nothing was proposed.');
    const events = [...aGrant({ upTo: 'reviewed' }), explained];
    const decider = grantApplication.decider;
    expect(fold(decider.evolve, decider.initialState, events)).toMatchObject({
      eligibility: { explained: doubleFunding },
    });
    const anew = after(events, sendBack(), submit('Andere Sprache.'));
    expect(fold(decider.evolve, decider.initialState, anew)).toMatchObject({ eligibility: { explained: [] } });
  });

  it('has nothing recommended', () => {
    const amounts = (events: readonly GrantEvent[]) =>
      events.reduce((sums, event) => evolveAmounts(sums, event, {}), noAmounts);
    expect(amounts(recommended).recommended).toBe(1_000_000);
    expect(amounts(sentBack).recommended).toBe(0);
  });
});
