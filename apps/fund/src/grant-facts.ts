import type { CallFacts, Member } from './call/call.events';
import { callEvents, type CallEvent } from './call/call.events';
import { type ConflictState, evolveConflicts, noConflicts } from './conflicts';
import { type DataOf, type GrantEvent, grantEvents } from './grant/grant.events';
import type { Currency } from './money';
import { evolveStanding, type StandingState } from './standing';

/** What every part of the service has to know of a grant before it shows or changes anything of it. */
export interface GrantFacts {
  readonly callId: string;
  readonly potId: string;
  readonly call: CallFacts;
  readonly currency: Currency;
  /** Who applied, by the id of that day; see `standing` for the record that survives. */
  readonly applicantOrganisationId: string;
  /** `undefined` until the first words of the application are written. */
  readonly title: string | undefined;
  readonly declared: ConflictState;
  /** What the grant's stream tells of its recipient, if it does. */
  readonly standing: StandingState | undefined;
}

/** The facts of a grant as its stream tells them; `undefined` where there is no grant. */
export const grantFacts = {
  catalogue: grantEvents,
  decider: { initialState: undefined as GrantFacts | undefined, evolve: evolveFacts },
};

/** The panel of a call, which is the roster of those who may be asked to review; `undefined` where there is no call. */
export const callPanel = {
  catalogue: callEvents,
  decider: {
    initialState: undefined as readonly Member[] | undefined,
    evolve: (panel: readonly Member[] | undefined, { type, data }: CallEvent) =>
      type === 'CallPublished' || type === 'PanelRevised' ? data.panel : panel,
  },
};

/** What a call says, and whether it was closed before its time; `undefined` where there is no call. */
export interface PublishedCall {
  readonly potId: string;
  readonly facts: CallFacts;
  readonly isClosed: boolean;
}

export const publishedCall = {
  catalogue: callEvents,
  decider: {
    initialState: undefined as PublishedCall | undefined,
    evolve: (call: PublishedCall | undefined, { type, data }: CallEvent): PublishedCall | undefined => {
      if (type === 'CallPublished') return { potId: data.potId, facts: data.call, isClosed: false };
      return call && type === 'CallClosed' ? { ...call, isClosed: true } : call;
    },
  },
};

function evolveFacts(facts: GrantFacts | undefined, event: GrantEvent): GrantFacts | undefined {
  if (event.type === 'GrantDrafted') return { ...drafted(event.data), declared: noConflicts };
  if (facts === undefined) throw new Error(`${event.type} before GrantDrafted.`);
  const known = {
    ...facts,
    declared: evolveConflicts(facts.declared, event),
    standing: evolveStanding(facts.standing, event),
  };
  return event.type === 'ApplicationRevised' || event.type === 'ApplicationSubmitted'
    ? { ...known, title: event.data.application.title }
    : known;
}

function drafted({ callId, potId, call, currency, applicantOrganisationId }: DataOf<'GrantDrafted'>) {
  return { callId, potId, call, currency, applicantOrganisationId, title: undefined, standing: undefined };
}
