import type { Proposal } from './decision-commands';
import {
  after,
  approve,
  award,
  block,
  complete,
  conflictOf,
  deferral,
  given,
  outside,
  propose,
  rejection,
  suspension,
  withdraw,
  close,
} from './decision.given';
import { fold } from '@alliance/event-sourcing';
import { grantDecision } from './decision.decider';
import type { DecisionCommand } from './decision-commands';
import type { GrantEvent } from './grant.events';
import { aGrant, context, euros, ids, steps, theCall, who } from './grant.given';

const [first, second] = who.approvers;
const [third] = who.idle;
const reviewed = aGrant({ upTo: 'reviewed' });
const recommended = aGrant({ upTo: 'recommended' });
const awarding = aGrant({ upTo: 'awarding' });

describe('a proposal', () => {
  it('is made when the reviews suffice, and says what is to be done on which terms', () => {
    expect(given(...reviewed).when(propose(award))).toEqual(recommended.slice(reviewed.length));
    const { terms: _, ...ofTheCall } = award;
    expect(given(...reviewed).when(propose(ofTheCall))).toEqual(recommended.slice(reviewed.length));
    expect(given(...aGrant({ upTo: 'in-review' })).when(propose(award))).toMatchObject({
      refused: 'conflict',
      code: 'GRANT_REVIEWS_INSUFFICIENT',
      data: { because: ['REVIEWS_TOO_FEW'], standing: 0 },
    });
  });

  it('asks for a third review where two disagree strongly, and leaves out those of the conflicted', () => {
    const apart = reviewed.map((event): GrantEvent =>
      event.type === 'ReviewSubmitted' && event.data.reviewedBy === who.reviewers[1]
        ? { ...event, data: { ...event.data, recommendation: 'reject' } }
        : event,
    );
    expect(given(...apart).when(propose(award))).toMatchObject({
      code: 'GRANT_REVIEWS_INSUFFICIENT',
      data: { because: ['REVIEW_RECOMMENDATIONS_OPPOSED'] },
    });
    expect(given(...apart).when(propose(deferral))).toMatchObject([{ data: { outcome: 'deferred' } }]);
    const withConflict = [...reviewed, conflictOf(who.reviewers[0])];
    expect(given(...withConflict).when(propose(award))).toMatchObject({ data: { standing: 1 } });
  });

  it('is made by nobody who applied or is conflicted', () => {
    expect(given(...reviewed).when(propose(award, who.draftsOnly))).toMatchObject({ code: 'GRANT_OWN_APPLICATION' });
    expect(given(...reviewed, conflictOf(who.officer)).when(propose(award))).toMatchObject({
      refused: 'forbidden',
      code: 'GRANT_DECISION_CONFLICTED',
      data: { kind: 'declared' },
    });
    const ofDonor = { ...propose(award), context: context(who.officer, ids.donor) } as DecisionCommand;
    expect(given(...reviewed).when(ofDonor)).toMatchObject({ data: { kind: 'institutional' } });
  });

  it.each([
    ['more than was requested', { ...award, amount: euros(12_001) }],
    ['less than the call gives', { ...award, amount: euros(999) }],
  ])('has no amount of %s', (_, proposal) => {
    expect(given(...reviewed).when(propose(proposal))).toMatchObject({
      refused: 'unprocessable',
      code: 'GRANT_AMOUNT_OUT_OF_RANGE',
      data: { field: 'amount', minimum: euros(1_000), maximum: euros(40_000), requested: euros(12_000) },
    });
  });

  it('has the whole range: from the least of the call to what was requested', () => {
    for (const amount of [euros(1_000), euros(12_000)]) {
      expect(given(...reviewed).when(propose({ ...award, amount }))).toMatchObject([{ data: { amount } }]);
    }
  });

  it.each<[string, Proposal]>([
    ['amount', { ...rejection, outcome: 'approved' }],
    ['amount', { ...rejection, amount: euros(1_000) }],
    ['terms', { ...rejection, terms: theCall.terms }],
    ['conditions', { ...award, outcome: 'approved-with-conditions' }],
    ['conditions', { ...award, conditions: ['Ein Zwischenbericht.'] }],
    ['until', { ...rejection, until: '2026-06-01' }],
  ])('says what belongs to its outcome and nothing else: %s', (field, proposal) => {
    expect(given(...reviewed).when(propose(proposal))).toMatchObject({
      refused: 'unprocessable',
      code: 'DECISION_INCONSISTENT',
      data: { field },
    });
  });

  it('is deferred to a day that is to come', () => {
    expect(given(...reviewed).when(propose({ ...deferral, until: '2026-03-20' }))).toMatchObject({
      code: 'DATES_OUT_OF_ORDER',
      data: { field: 'until' },
    });
  });

  it('is the same when it says the same, and the next version with any change, which nobody has approved', () => {
    const once = after(recommended, approve(first));
    const sameInOtherOrder = Object.fromEntries(Object.entries(theCall.terms).reverse()) as typeof theCall.terms;
    expect(given(...once).when(propose({ ...award, terms: sameInOtherOrder }, who.checker))).toEqual([]);
    for (const changed of [
      { ...award, amount: euros(9_999) },
      { ...award, terms: { ...theCall.terms, proofDueMonths: 7 } },
    ]) {
      const then = after(once, propose(changed, who.checker));
      expect(then.at(-1)).toMatchObject({ type: 'DecisionProposed', data: { version: 2, proposedBy: who.checker } });
      expect(given(...then).when(approve(second, { seenVersion: 2 }))).toMatchObject([{ type: 'DecisionApproved' }]);
    }
  });
});

describe('a decision', () => {
  it('falls with the last approval that is needed', () => {
    const once = after(recommended, approve(first));
    expect(once.slice(recommended.length).map(({ type }) => type)).toEqual(['DecisionApproved']);
    expect(after(once, approve(second))).toEqual(awarding);
  });

  it('is told to be outdated with both versions where the amount has changed since', () => {
    const changed = after(recommended, propose({ ...award, amount: euros(9_000) }));
    expect(given(...changed).when(approve(first))).toMatchObject({
      refused: 'outdated',
      code: 'FOUR_EYES_VERSION_OUTDATED',
      data: { seenVersion: 1, presentVersion: 2, present: { amount: euros(9_000) } },
    });
  });

  it('is nothing that its proposer, an applicant, a conflicted or an undeclared person approves', () => {
    const proposer = {
      ...approve(who.officer),
      context: { ...context(first), actor: { subject: who.officer, roles: ['approver'] } },
    };
    expect(given(...recommended).when(proposer)).toMatchObject({ code: 'FOUR_EYES_REQUESTER' });
    expect(given(...recommended, conflictOf(first)).when(approve(first))).toMatchObject({
      code: 'FOUR_EYES_CONFLICTED',
    });
    expect(given(...recommended).when(approve(first, { of: ids.donor }))).toMatchObject({
      code: 'FOUR_EYES_CONFLICTED',
    });
    expect(given(...recommended).when(approve('approver-9'))).toMatchObject({ code: 'FOUR_EYES_UNDECLARED' });
    expect(given(...recommended).when(approve(who.checker))).toMatchObject({ code: 'FOUR_EYES_NO_APPROVER' });
  });

  it('asks a third person from the threshold on', () => {
    const large = after(reviewed, propose({ ...award, amount: euros(11_000) }), approve(first), approve(second));
    expect(large.at(-1)).toMatchObject({ type: 'DecisionApproved', data: { approvedBy: second } });
    expect(after(large, approve(third)).at(-1)).toMatchObject({ type: 'AwardDecided' });
  });

  it('does not count an approval that was withdrawn, and lets it be given again', () => {
    const withdrawn = after(recommended, approve(first), withdraw(first), approve(second));
    expect(withdrawn.at(-1)).toMatchObject({ type: 'DecisionApproved' });
    expect(after(withdrawn, approve(first)).at(-1)).toMatchObject({ type: 'AwardDecided' });
    expect(given(...recommended).when(withdraw(first))).toEqual([]);
    expect(given(...awarding).when(withdraw(first))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('is no award while something stands in its way, whoever knows of it', () => {
    const told = { ...outside, structure: { ownerId: ids.applicant, hasEnded: true } };
    expect(given(...recommended).when(approve(first, { told }))).toMatchObject({
      refused: 'conflict',
      code: 'GRANT_NOT_ELIGIBLE',
      data: { blockers: [{ code: 'STRUCTURE_ENDED' }] },
    });
    expect(given(...recommended, suspension).when(approve(first))).toMatchObject({
      code: 'GRANT_NOT_ELIGIBLE',
      data: { blockers: [{ code: 'ORGANISATION_SUSPENDED' }] },
    });
    expect(given(...recommended, conflictOf(who.reviewers[0])).when(approve(first))).toMatchObject({
      code: 'GRANT_REVIEWS_INSUFFICIENT',
    });
    const rejected = after(reviewed, propose(rejection));
    expect(after([...rejected, suspension], approve(first)).at(-1)).toMatchObject({ type: 'DecisionApproved' });
  });

  it('is made in the sight of all evidence of double funding', () => {
    const line = {
      ...{ grantId: ids.call, lineKey: 'staff', requested: euros(5_000), stage: 'submitted' },
      ...{ from: '2026-04-01', to: '2026-06-30' },
    };
    const told = { ...outside, doubleFunding: [{ ...line, stage: 'in-review' }] };
    expect(given(...recommended).when(approve(first, { told }))).toMatchObject({
      refused: 'conflict',
      code: 'GRANT_DOUBLE_FUNDING_UNSEEN',
      data: { evidence: [{ grantId: ids.call }] },
    });
    const inSight = after(recommended, propose(award, who.officer, [line]));
    expect(after(inSight, approve(first, { seenVersion: 2, told })).at(-1)).toMatchObject({
      type: 'DecisionApproved',
    });
  });

  it('can be a rejection, which is the end', () => {
    const rejected = after(reviewed, propose(rejection), approve(first), approve(second));
    expect(rejected.at(-1)).toEqual({ type: 'GrantRejected', data: { version: 1 } });
    expect(given(...rejected).when(propose(award))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('can be a deferral, after which another proposal is made; whoever made one never approves any', () => {
    const deferred = after(reviewed, propose(deferral), approve(first), approve(second));
    expect(deferred.at(-1)).toEqual({ type: 'GrantDeferred', data: { version: 1, until: '2026-06-01' } });
    expect(given(...deferred).when(approve(third))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    const anew = after(deferred, propose(award, who.checker), approve(first, { seenVersion: 2 }));
    const asApprover = { ...approve(who.officer, { seenVersion: 2 }) };
    const proposer = {
      ...asApprover,
      context: { ...asApprover.context, actor: { subject: who.officer, roles: ['approver'] } },
    };
    expect(given(...anew).when(proposer)).toMatchObject({ code: 'FOUR_EYES_REQUESTER' });
    expect(after(anew, approve(second, { seenVersion: 2 })).at(-1)).toMatchObject({ type: 'AwardDecided' });
  });
});

describe('an award', () => {
  it('is completed when the pot has set the amount aside, and once', () => {
    expect(after(awarding, complete())).toEqual(aGrant({ upTo: 'awarded' }));
    for (const command of [complete(), block()])
      expect(given(...aGrant({ upTo: 'awarded' })).when(command)).toEqual([]);
    expect(given(...awarding).when(complete({}, 2))).toMatchObject({ code: 'AWARD_NOT_DECIDED' });
  });

  it('is blocked when somebody who approved it has come to be conflicted, or the recipient is suspended', () => {
    const voided = { type: 'AwardBlocked', data: { attempt: 1, code: 'FOUR_EYES_VOIDED' } };
    expect(given(...awarding, conflictOf(first)).when(complete())).toMatchObject([voided]);
    const suspended = { type: 'AwardBlocked', data: { attempt: 1, code: 'ORGANISATION_SUSPENDED' } };
    expect(given(...awarding, suspension).when(complete())).toMatchObject([suspended]);
    const told = { standing: 'suspended', survivorId: ids.applicant, since: '2026-03-19T00:00:00.000Z' } as const;
    expect(given(...awarding).when(complete({ standing: told }))).toMatchObject([suspended]);
  });

  it('that came to nothing voids the approvals; another proposal is the next attempt', () => {
    const blocked = after(awarding, block());
    expect(blocked.at(-1)).toMatchObject({ type: 'AwardBlocked', data: { code: 'POT_INSUFFICIENT' } });
    expect(given(...blocked).when(block())).toEqual([]);
    expect(given(...blocked).when(approve(third))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    const anew = after(blocked, propose(award));
    expect(anew.at(-1)).toMatchObject({ data: { version: 2 } });
    const decided = after(anew, approve(first, { seenVersion: 2 }), approve(second, { seenVersion: 2 }));
    expect(decided.at(-1)).toMatchObject({ type: 'AwardDecided', data: { attempt: 2, version: 2 } });
    expect(given(...decided).when(complete({}, 1))).toEqual([]);
    expect(given(...decided).when(complete({}, 2))).toMatchObject([{ type: 'GrantAwarded', data: { attempt: 2 } }]);
  });

  it('goes to the record that survives a merge', () => {
    const standing = { standing: 'admitted', survivorId: ids.donor, since: '2026-03-01T00:00:00.000Z' } as const;
    expect(given(...awarding).when(complete({ standing }))).toMatchObject([
      { type: 'GrantAwarded', data: { recipientOrganisationId: ids.donor } },
    ]);
  });
});

it('folds every step of a grant, and asks of none that was never drafted', () => {
  const stageAt = (upTo: (typeof steps)[number]) =>
    fold(grantDecision.decider.evolve, grantDecision.decider.initialState, aGrant({ upTo })).stage;
  expect(Object.fromEntries(steps.map((step) => [step, stageAt(step)]))).toMatchObject({
    ...{ drafted: 'applying', submitted: 'applying', 'in-review': 'in-review', reviewed: 'in-review' },
    ...{ recommended: 'recommended', awarding: 'awarding', awarded: 'awarded', contracted: 'contracted' },
    ...{ paid: 'contracted', repaid: 'contracted', closed: 'closed' },
  });
  const withdrawn: GrantEvent = { type: 'GrantWithdrawn', data: { reasonCode: 'given-up', withdrawnBy: 'somebody' } };
  expect(given(...recommended, withdrawn).when(approve(first))).toMatchObject({ data: { stage: 'withdrawn' } });
  expect(given().when(close())).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
});
