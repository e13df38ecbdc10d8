import { type Aggregate, type Command, type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import type { CallFacts, Member } from '../call/call.events';
import { conflictOf, conflictsFrom, type ConflictState, evolveConflicts, noConflicts, personOf } from '../conflicts';
import type { Currency, Money } from '../money';
import { type StandingState, stricter } from '../standing';
import { applicationFault, requestedIn } from './application-faults';
import type { Application } from './application.events';
import { stopping } from './eligibility';
import {
  eligibilityOf,
  type EligibilityState,
  evolveEligibility,
  findingOf,
  type OutsideFacts,
} from './eligibility-state';
import type { Finding } from './finding';
import { type GrantEvent, grantEvents } from './grant.events';

type DraftGrant = Command<
  'DraftGrant',
  {
    readonly callId: string;
    /** By its stream; `undefined` where nobody has published such a call. */
    readonly call: { readonly potId: string; readonly facts: CallFacts } | undefined;
    readonly applicantOrganisationId: string;
    /** Whether the registry has told of it. */
    readonly applicantIsKnown: boolean;
    /** Whether a natural person is named as the one who is to receive the money. */
    readonly namesPerson: boolean;
    readonly recipient: StandingState;
  }
>;
/** In place of what was written before. */
type ReviseApplication = Command<'ReviseApplication', { readonly application: Application } & Told>;
type SubmitApplication = Command<
  'SubmitApplication',
  {
    readonly outside: OutsideFacts;
    /** Why it is no double structure, although others overlap. */
    readonly overlapReason?: string;
  }
>;
type Withdraw = Command<'Withdraw', { readonly reasonCode: string } & Told>;
type RequestInformation = Command<
  'RequestInformation',
  { readonly items: readonly string[]; readonly note?: string } & Independence
>;
type PassFormalCheck = Command<
  'PassFormalCheck',
  { readonly seenVersion: number; readonly outside: OutsideFacts } & Independence
>;

/** What the registry tells of the applicant at present. */
interface Told {
  readonly recipient: StandingState;
}

/** By the log of the call: its panel; and which organisations have an interest of their own in the grant at present. */
interface Independence {
  readonly panel: readonly Member[];
  readonly interestedOrganisationIds: readonly string[];
}

type OfApplicant = ReviseApplication | SubmitApplication | Withdraw;
type OfOfficer = RequestInformation | PassFormalCheck;
export type ApplicationCommand = DraftGrant | OfApplicant | OfOfficer;

interface Known {
  readonly callId: string;
  readonly applicantOrganisationId: string;
  readonly currency: Currency;
  /** Who drafted, revised or submitted it: none of them checks it. */
  readonly requesters: readonly string[];
  /** Of the last submission; 0 before the first. */
  readonly version: number;
  readonly eligibility: EligibilityState;
  readonly declared: ConflictState;
  /** What was asked for last. */
  readonly items: readonly string[];
}

/** From the formal check until a decision it is `in-review`, whatever is proposed; `over`: nothing of it changes any more. */
export type ApplicationState =
  | { readonly stage: 'none' }
  | (Known & {
      readonly stage: 'draft' | 'submitted' | 'information-requested' | 'in-review' | 'awarding' | 'withdrawn' | 'over';
    })
  | (Known & { readonly stage: 'awarded'; readonly awarded: Money });

type Applied = Exclude<ApplicationState, { stage: 'none' }>;
type Decided = Decision<GrantEvent>;

/** The application for a grant: from the draft through the formal check, or until it is withdrawn. */
export const grantApplication: Aggregate<ApplicationCommand, ApplicationState, GrantEvent> = {
  catalogue: grantEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: ApplicationCommand, state: ApplicationState): Decided {
  if (command.type === 'DraftGrant') {
    return state.stage === 'none'
      ? draft(command)
      : refuse('conflict', 'GRANT_EXISTS', 'The grant is drafted already.');
  }
  if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
  switch (command.type) {
    case 'ReviseApplication':
      return notTheirs(command, command.data.recipient, state) ?? revise(command, state);
    case 'SubmitApplication':
      return notTheirs(command, command.data.outside.recipient, state) ?? submit(command, state);
    case 'Withdraw':
      return notTheirs(command, command.data.recipient, state) ?? withdraw(command, state);
    case 'RequestInformation':
      return partial(command, state) ?? requestInformation(command, state);
    case 'PassFormalCheck':
      return partial(command, state) ?? passFormalCheck(command, state);
    default:
      return command satisfies never;
  }
}

function draft({ data, context: { actor } }: DraftGrant): Decided {
  const { callId, call, applicantOrganisationId, applicantIsKnown, namesPerson, recipient } = data;
  if (namesPerson) {
    const detail = 'Grants go to organisations that are admitted to the alliance, never to a private person.';
    return refuse('unprocessable', 'RECIPIENT_IS_A_PERSON', detail);
  }
  if (!applicantIsKnown) {
    const detail = 'The registry has told of no such organisation; name one that it has admitted.';
    return refuse('unprocessable', 'GRANT_APPLICANT_UNKNOWN', detail, { applicantOrganisationId });
  }
  if (![applicantOrganisationId, recipient.survivorId].some((id) => id === actor.organisationId)) return notYours();
  if (call === undefined) {
    return refuse('unprocessable', 'GRANT_CALL_UNKNOWN', 'There is no such call; name one that is published.', {
      callId,
    });
  }
  const { currency } = call.facts.minimum;
  const drafted = { callId, potId: call.potId, applicantOrganisationId, currency, call: call.facts };
  return [{ type: 'GrantDrafted', data: { ...drafted, draftedBy: actor.subject } }];
}

function revise({ data: { application }, context }: ReviseApplication, state: Applied): Decided {
  if (state.stage !== 'draft' && state.stage !== 'information-requested') {
    return wrongStage(state, 'draft', 'information-requested');
  }
  const fault = applicationFault(application, state.eligibility.call, state.currency);
  if (fault !== undefined) return fault;
  if (JSON.stringify(application) === JSON.stringify(state.eligibility.application)) return [];
  return [{ type: 'ApplicationRevised', data: { application, revisedBy: context.actor.subject } }];
}

function submit({ data: { outside, overlapReason }, context }: SubmitApplication, state: Applied): Decided {
  if (state.stage === 'submitted') return [];
  if (state.stage !== 'draft' && state.stage !== 'information-requested') {
    return wrongStage(state, 'draft', 'information-requested');
  }
  const { application } = state.eligibility;
  const reasoned = overlapReason === undefined ? [] : outside.structures.overlaps;
  const eligibility = findingOf({ ...state.eligibility, reasoned, consented: [] }, outside, context.at);
  const stop = notEligible(eligibility, 'submission');
  if (stop !== undefined || application === undefined) return stop ?? [];
  return [
    {
      type: 'ApplicationSubmitted',
      data: {
        version: state.version + 1,
        application,
        requested: requestedIn(application.lines, state.currency),
        eligibility,
        ...(overlapReason !== undefined && { overlapReason }),
        submittedBy: context.actor.subject,
      },
    },
  ];
}

/**
 * Also after the formal check, until an award is decided or it is rejected: what has come since, such as a structure that
 * overlaps, the applicant alone can give a reason for. What was reviewed and proposed until then is of an old version.
 */
function requestInformation({ data: { items, note }, context }: RequestInformation, state: Applied): Decided {
  if (!['submitted', 'information-requested', 'in-review'].includes(state.stage)) {
    return wrongStage(state, 'submitted', 'information-requested', 'in-review');
  }
  const repeated = state.stage === 'information-requested' && inOrder(items) === inOrder(state.items);
  if (repeated && note === undefined) return [];
  const requestedBy = context.actor.subject;
  return [
    { type: 'InformationRequested', data: { items: [...items], ...(note !== undefined && { note }), requestedBy } },
  ];
}

function passFormalCheck({ data: { seenVersion, outside }, context }: PassFormalCheck, state: Applied): Decided {
  if (state.version !== seenVersion) {
    const detail = 'Another version of the application has been submitted; look at that one.';
    const versions = { seenVersion, presentVersion: state.version };
    return refuse('outdated', 'GRANT_VERSION_OUTDATED', detail, versions);
  }
  if (state.stage === 'in-review') return [];
  if (state.stage !== 'submitted') return wrongStage(state, 'submitted');
  const checkedBy = context.actor.subject;
  // Whoever passes the check has seen what is much the same, and consents to it.
  const consented = outside.structures.overlaps;
  const eligibility = findingOf({ ...state.eligibility, consented }, outside, context.at);
  const stop = notEligible(eligibility, 'formal-check');
  if (stop !== undefined) return stop;
  return [{ type: 'FormalCheckPassed', data: { version: state.version, eligibility, checkedBy } }];
}

function withdraw({ data: { reasonCode }, context }: Withdraw, state: Applied): Decided {
  const withdrawnBy = context.actor.subject;
  switch (state.stage) {
    case 'withdrawn':
      return [];
    case 'awarding': {
      const detail = 'An award is decided and waits for the pot; withdraw as soon as it is awarded or blocked.';
      return refuse('conflict', 'GRANT_AWARD_UNDER_WAY', detail);
    }
    case 'over':
      return wrongStage(state, 'draft', 'submitted', 'information-requested', 'in-review', 'awarded');
    case 'awarded':
      // Nothing is with the bank: no payment is ordered before the contract.
      return [{ type: 'GrantWithdrawn', data: { reasonCode, notPaidOut: state.awarded, withdrawnBy } }];
    default:
      return [{ type: 'GrantWithdrawn', data: { reasonCode, withdrawnBy } }];
  }
}

function notEligible({ blockers }: Finding, step: 'submission' | 'formal-check'): Refusal | undefined {
  const stop = stopping(blockers, step);
  if (stop.length === 0) return undefined;
  const detail = `It is not eligible: ${stop.map(({ words }) => words).join(' ')}`;
  return refuse('conflict', 'GRANT_NOT_ELIGIBLE', detail, { blockers: stop });
}

/** An applicant acts under the id that it applied with, and, after a merge, as the organisation that survives. */
function notTheirs({ context }: OfApplicant, recipient: StandingState, state: Applied): Refusal | undefined {
  const { survivorId } = stricter(state.eligibility.standing, recipient);
  const ids = [state.applicantOrganisationId, survivorId];
  return ids.some((id) => id === context.actor.organisationId) ? undefined : notYours();
}

function partial({ data, context }: OfOfficer, { declared, requesters }: Applied): Refusal | undefined {
  if (requesters.includes(context.actor.subject)) {
    const detail = 'Somebody else checks an application than who drafted, revised or submitted it.';
    return refuse('forbidden', 'GRANT_CHECKED_BY_REQUESTER', detail);
  }
  const conflicts = conflictsFrom(declared, data.interestedOrganisationIds);
  if (conflictOf(personOf(context.actor, data.panel), conflicts) === undefined) return undefined;
  const detail = 'Who has a conflict of interest has no part in what becomes of the application.';
  return refuse('forbidden', 'GRANT_CHECKER_CONFLICTED', detail);
}

function notYours(): Refusal {
  return refuse('forbidden', 'GRANT_NOT_YOURS', 'A representative acts for their own organisation only.');
}

function wrongStage({ stage }: Applied, ...needed: readonly Applied['stage'][]): Refusal {
  const detail = `The application would have to be ${needed.join(' or ')}; it is ${stage}.`;
  return refuse('conflict', 'GRANT_WRONG_STAGE', detail, { stage, needed });
}

function inOrder(keys: readonly string[]): string {
  return JSON.stringify([...keys].sort());
}

function evolve(state: ApplicationState, event: GrantEvent): ApplicationState {
  if (event.type === 'GrantDrafted') {
    const { callId, applicantOrganisationId, currency, draftedBy } = event.data;
    const nothingYet = { version: 0, declared: noConflicts, items: [] };
    const eligibility = eligibilityOf(event.data);
    const drafted = { callId, applicantOrganisationId, currency, requesters: [draftedBy] };
    return { stage: 'draft', ...drafted, eligibility, ...nothingYet };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before GrantDrafted.`);
  const known = {
    ...state,
    eligibility: evolveEligibility(state.eligibility, event),
    declared: evolveConflicts(state.declared, event),
  };
  switch (event.type) {
    case 'ApplicationRevised':
      return { ...known, requesters: [...known.requesters, event.data.revisedBy] };
    case 'ApplicationSubmitted': {
      const { version, submittedBy } = event.data;
      return { ...known, stage: 'submitted', version, requesters: [...known.requesters, submittedBy] };
    }
    case 'InformationRequested':
      return { ...known, stage: 'information-requested', items: event.data.items };
    case 'FormalCheckPassed':
    case 'AwardBlocked':
      return { ...known, stage: 'in-review' };
    case 'AwardDecided':
      return { ...known, stage: 'awarding' };
    case 'GrantAwarded':
      return { ...known, stage: 'awarded', awarded: event.data.amount };
    case 'GrantWithdrawn':
      return { ...known, stage: 'withdrawn' };
    case 'GrantRejected':
    case 'GrantContracted':
    case 'GrantRevoked':
    case 'GrantClosed':
      return { ...known, stage: 'over' };
    default:
      return known;
  }
}
