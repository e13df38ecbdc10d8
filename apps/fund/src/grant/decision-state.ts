import { type ConflictState, evolveConflicts, noConflicts } from '../conflicts';
import { approvalWithdrawn, approved, type Endorsement, proposed } from '../four-eyes';
import { evolveAccount, type GrantAccount, noAccount } from '../grant-account';
import type { Money } from '../money';
import { evolveReviews, noReviews, type ReviewState } from '../review-sufficiency';
import type { Terms } from '../terms';
import type { Application } from './application.events';
import { eligibilityOf, type EligibilityState, evolveEligibility } from './eligibility-state';
import type { DataOf, GrantEvent } from './grant.events';

interface Known extends Pick<
  DataOf<'GrantDrafted'>,
  'callId' | 'potId' | 'call' | 'currency' | 'applicantOrganisationId'
> {
  /** The last one. */
  readonly submission: Submission | undefined;
  /** Who drafted, revised or submitted the application. */
  readonly requesters: readonly string[];
  readonly declared: ConflictState;
  readonly reviews: ReviewState;
  readonly eligibility: EligibilityState;
  readonly account: GrantAccount;
  /** The last one since the application was sent back. */
  readonly proposal: DataOf<'DecisionProposed'> | undefined;
  /** Of the last proposal; also where another one is needed, since whoever made one never approves any. */
  readonly endorsement: Endorsement | undefined;
  /** How often an award has been tried. */
  readonly attempts: number;
}

interface Submission {
  readonly application: Application;
  readonly requested: Money;
}

interface Submitted extends Known {
  readonly submission: Submission;
}

interface Proposed extends Submitted {
  readonly proposal: DataOf<'DecisionProposed'>;
  readonly endorsement: Endorsement;
}

interface Decided extends Proposed {
  readonly award: { readonly amount: Money; readonly terms: Terms; readonly conditions: readonly string[] };
}

/** It can be proposed what to do: for the first time, or once more where a decision led to no end. */
export interface InReview extends Submitted {
  readonly stage: 'in-review' | 'deferred' | 'blocked';
}

export interface Recommended extends Proposed {
  readonly stage: 'recommended';
}

/** All approvals are there; the award waits for the pot. */
export interface Awarding extends Decided {
  readonly stage: 'awarding';
}

export interface Awarded extends Decided {
  readonly stage: 'awarded' | 'contracted' | 'revoked' | 'closed';
  readonly contract?: DataOf<'GrantContracted'>;
}

/**
 * What is decided on a grant. `applying` lasts until the application is in review; `blocked` is an award that came to
 * nothing.
 */
export type DecisionState =
  | { readonly stage: 'none' }
  | (Known & { readonly stage: 'applying' | 'rejected' | 'withdrawn' })
  | InReview
  | Recommended
  | Awarding
  | Awarded;

export function evolveDecision(before: DecisionState, event: GrantEvent): DecisionState {
  if (event.type === 'GrantDrafted') return drafted(event);
  if (before.stage === 'none') throw new Error(`${event.type} before GrantDrafted.`);
  const state = {
    ...before,
    declared: evolveConflicts(before.declared, event),
    reviews: evolveReviews(before.reviews, event),
    eligibility: evolveEligibility(before.eligibility, event),
    account: evolveAccount(before.account, event),
  };
  switch (event.type) {
    case 'ApplicationRevised':
      return { ...state, requesters: [...state.requesters, event.data.revisedBy] };
    case 'ApplicationSubmitted': {
      const { application, requested, submittedBy } = event.data;
      const requesters = [...state.requesters, submittedBy];
      return { ...state, stage: 'applying', requesters, submission: { application, requested } };
    }
    // What is proposed until then is of an old version of the application; whoever proposed it never approves any.
    case 'InformationRequested':
      return { ...state, stage: 'applying', proposal: undefined };
    case 'FormalCheckPassed':
      return { ...state, stage: 'in-review', submission: submissionBefore(event, state) };
    case 'DecisionProposed': {
      const { proposedBy, approvalsNeeded } = event.data;
      const endorsement = proposed(state.endorsement, [...state.requesters, proposedBy], approvalsNeeded);
      const submission = submissionBefore(event, state);
      return { ...state, stage: 'recommended', submission, proposal: event.data, endorsement };
    }
    case 'GrantWithdrawn':
      return { ...state, stage: 'withdrawn' };
    default:
      return isProposed(state) ? sinceProposal(state, event) : state;
  }
}

function isProposed(state: Exclude<DecisionState, { stage: 'none' }>): state is Recommended | Awarding | Awarded {
  return ['recommended', 'awarding', 'awarded', 'contracted', 'revoked', 'closed'].includes(state.stage);
}

function sinceProposal(state: Recommended | Awarding | Awarded, event: GrantEvent): DecisionState {
  switch (event.type) {
    case 'DecisionApproved': {
      const { approvedBy: subject, organisationIds } = event.data;
      return { ...state, endorsement: approved(state.endorsement, { subject, organisationIds }) };
    }
    case 'DecisionApprovalWithdrawn':
      return { ...state, endorsement: approvalWithdrawn(state.endorsement, event.data.withdrawnBy) };
    case 'GrantRejected':
      return { ...state, stage: 'rejected' };
    case 'GrantDeferred':
      return { ...state, stage: 'deferred' };
    case 'AwardDecided': {
      const { terms, conditions } = state.proposal;
      if (terms === undefined) throw misplaced(event);
      const { attempt, amount } = event.data;
      return { ...state, stage: 'awarding', attempts: attempt, award: { amount, terms, conditions } };
    }
    case 'AwardBlocked':
      return { ...state, stage: 'blocked' };
    default:
      return state.stage === 'recommended' ? state : sinceAward(state, event);
  }
}

function sinceAward(state: Awarding | Awarded, event: GrantEvent): DecisionState {
  switch (event.type) {
    case 'GrantAwarded':
      return { ...state, stage: 'awarded' };
    case 'GrantContracted':
      return { ...state, stage: 'contracted', contract: event.data };
    case 'GrantRevoked':
      return { ...state, stage: 'revoked' };
    case 'GrantClosed':
      return { ...state, stage: 'closed' };
    default:
      return state;
  }
}

function drafted(event: Extract<GrantEvent, { type: 'GrantDrafted' }>): DecisionState {
  const { draftedBy, ...grant } = event.data;
  return {
    stage: 'applying',
    ...grant,
    submission: undefined,
    requesters: [draftedBy],
    declared: noConflicts,
    reviews: noReviews,
    eligibility: eligibilityOf(event.data),
    account: evolveAccount(noAccount, event),
    proposal: undefined,
    endorsement: undefined,
    attempts: 0,
  };
}

function submissionBefore(event: GrantEvent, { submission }: Known): Submission {
  if (submission === undefined) throw misplaced(event);
  return submission;
}

function misplaced({ type }: GrantEvent): Error {
  return new Error(`${type} does not follow from what is in the stream before it.`);
}
