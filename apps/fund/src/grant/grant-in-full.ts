import type { Application } from './application.events';
import { evolveAmounts, type GrantAmounts, noAmounts } from './grant-amounts';
import { type DataOf, type GrantEvent, grantEvents } from './grant.events';
import { drafted, evolveProgress, type GrantProgress } from './grant-stage';

/** What is shown of a grant to those who may see its content, by its stream. */
export interface GrantInFull extends Pick<DataOf<'GrantDrafted'>, 'callId' | 'potId' | 'currency'> {
  readonly application: Application | undefined;
  /** Of the last submission; 0 before the first. */
  readonly version: number;
  readonly overlapReason: string | undefined;
  /** What is asked of the applicant, until it is submitted anew. */
  readonly asked: Pick<DataOf<'InformationRequested'>, 'items' | 'note'> | undefined;
  readonly progress: GrantProgress;
  readonly amounts: GrantAmounts;
}

/** `undefined` where there is no grant. */
export const grantInFull = {
  catalogue: grantEvents,
  decider: { initialState: undefined as GrantInFull | undefined, evolve },
};

function evolve(before: GrantInFull | undefined, event: GrantEvent): GrantInFull | undefined {
  if (event.type === 'GrantDrafted') {
    const { callId, potId, currency } = event.data;
    const nothingYet = { application: undefined, version: 0, overlapReason: undefined, asked: undefined };
    return { callId, potId, currency, ...nothingYet, progress: drafted, amounts: noAmounts };
  }
  if (before === undefined) throw new Error(`${event.type} before GrantDrafted.`);
  const grant = {
    ...before,
    progress: evolveProgress(before.progress, event),
    amounts: evolveAmounts(before.amounts, event, before.progress),
  };
  switch (event.type) {
    case 'ApplicationRevised':
      return { ...grant, application: event.data.application };
    case 'ApplicationSubmitted': {
      const { application, version, overlapReason } = event.data;
      return { ...grant, application, version, overlapReason, asked: undefined };
    }
    case 'InformationRequested': {
      const { items, note } = event.data;
      return { ...grant, asked: { items, ...(note !== undefined && { note }) } };
    }
    default:
      return grant;
  }
}
