import { berlinDayOf, mondayOf } from '@alliance/calendar';
import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import type { WeekRun } from '../event-fields';
import { byWeek, weeksBefore } from '../weekly-minutes';
import { type AllocationEvent, allocationEvents, type Side, sides } from './allocation.events';

interface Proposal {
  readonly offerId: string;
  readonly needId: string;
  readonly supportingOrganisationId: string;
  readonly helpingOrganisationId: string;
  readonly weeks: readonly WeekRun[];
  readonly expiresAt: string;
  readonly roundId?: string;
}

export type AllocationCommand =
  | Command<'ProposeAllocation', Proposal>
  | Command<'SecureCapacity'>
  | Command<'FailAllocation', { readonly reasonCode: string }>
  /** By somebody who acts for that side's organisation. */
  | Command<'AcceptAllocation', { readonly side: Side }>
  | Command<'DeclineAllocation', { readonly side: Side; readonly reasonCode: string }>
  | Command<'ExpireAllocation'>
  | Command<'StartAllocation'>
  | Command<'ReportHours', { readonly side: Side; readonly week: string; readonly minutes: number }>
  /** Released if it has not started. */
  | Command<'CallOffAllocation', { readonly reasonCode: string }>
  | Command<'ReleaseAllocation', { readonly reasonCode: string; readonly fromWeek?: string }>;

/** What each side says was worked in a week, in minutes. */
export type Report = Readonly<Partial<Record<Side, number>>>;

interface Proposed extends Proposal {
  readonly stage: 'proposed';
  /** The offer holds the minutes. */
  readonly isSecured: boolean;
  /** Who of each side has accepted. */
  readonly acceptedBy: Readonly<Partial<Record<Side, string>>>;
}

interface Started extends Proposal {
  readonly stage: 'started';
  /** By week. */
  readonly reports: ReadonlyMap<string, Report>;
}

interface Ended extends Proposal {
  readonly stage: 'delivered' | 'declined' | 'expired' | 'released' | 'failed';
}

export type AllocationState = { readonly stage: 'none' } | Proposed | Started | Ended;

/**
 * An allocation of an offer's minutes to a need. It is proposed, by a round or by a coordinator; the offer holds the
 * minutes; both sides accept, by two persons; it starts; both sides say what was worked. The commands that tell what the
 * offer has done come from the process between the two, which may repeat each of them.
 */
export const allocation: Aggregate<AllocationCommand, AllocationState, AllocationEvent> = {
  catalogue: allocationEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      const { actor, at } = command.context;
      if (command.type === 'ProposeAllocation') {
        if (state.stage !== 'none') return [];
        return [{ type: 'AllocationProposed', data: { ...command.data, weeks: [...command.data.weeks] } }];
      }
      if (state.stage === 'none') {
        return refuse('not-found', 'ALLOCATION_UNKNOWN', 'There is no allocation with this id.');
      }
      switch (command.type) {
        case 'SecureCapacity':
          return state.stage === 'proposed' && !state.isSecured ? [{ type: 'CapacitySecured', data: {} }] : [];
        case 'FailAllocation':
          return state.stage === 'proposed' ? [{ type: 'AllocationFailed', data: command.data }] : [];
        case 'AcceptAllocation': {
          const { side } = command.data;
          if (state.stage !== 'proposed') return notProposed(state.stage);
          if (state.acceptedBy[side] !== undefined) return [];
          if (!state.isSecured) {
            const detail = 'The offer has not yet said whether it holds the minutes; ask again in a moment.';
            return refuse('conflict', 'CAPACITY_NOT_SECURED', detail);
          }
          if (state.expiresAt <= at) {
            const detail = `It could be accepted until ${state.expiresAt}.`;
            return refuse('conflict', 'ALLOCATION_EXPIRED', detail, { expiresAt: state.expiresAt });
          }
          if (Object.values(state.acceptedBy).includes(actor.subject)) {
            const detail = 'The two sides of an allocation are accepted by two persons.';
            return refuse('forbidden', 'ALLOCATION_OTHER_SIDE_ACCEPTED_BY_SAME_PERSON', detail);
          }
          return [{ type: 'AllocationAccepted', data: { side, acceptedBy: actor.subject } }];
        }
        case 'DeclineAllocation':
          if (state.stage === 'declined') return [];
          if (state.stage !== 'proposed' || isAgreed(state)) return notProposed(state.stage);
          return [{ type: 'AllocationDeclined', data: { ...command.data, declinedBy: actor.subject } }];
        case 'ExpireAllocation': {
          if (state.stage !== 'proposed' || isAgreed(state) || at < state.expiresAt) return [];
          const waitedFor = sides.filter((side) => state.acceptedBy[side] === undefined);
          return [{ type: 'AllocationExpired', data: { waitedFor } }];
        }
        case 'StartAllocation':
          return state.stage === 'proposed' && isAgreed(state) ? [{ type: 'AllocationStarted', data: {} }] : [];
        case 'ReportHours':
          if (state.stage !== 'started') {
            const detail = 'Hours are reported of an allocation that has started and is not at its end.';
            return refuse('conflict', 'ALLOCATION_NOT_STARTED', detail, { stage: state.stage });
          }
          return report(command.data, state, actor.subject, berlinDayOf(at));
        case 'CallOffAllocation':
          return state.stage === 'proposed' ? [{ type: 'AllocationReleased', data: command.data }] : [];
        case 'ReleaseAllocation': {
          if (state.stage !== 'proposed' && state.stage !== 'started') return [];
          const { fromWeek } = command.data;
          const kept = fromWeek === undefined ? [] : weeksBefore(state.weeks, fromWeek);
          if (byWeek(kept).size === byWeek(state.weeks).size) return [];
          const released = { type: 'AllocationReleased', data: command.data } as const;
          return state.stage === 'started' ? [released, ...delivery(kept, state.reports)] : [released];
        }
      }
    },

    evolve(state, event) {
      if (event.type === 'AllocationProposed') {
        return { ...event.data, stage: 'proposed', isSecured: false, acceptedBy: {} };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the proposal of the allocation.');
      const proposed = (): Proposed => {
        if (state.stage !== 'proposed') throw new Error(`${event.type} when the allocation was ${state.stage}.`);
        return state;
      };
      switch (event.type) {
        case 'CapacitySecured':
          return { ...proposed(), isSecured: true };
        case 'AllocationAccepted': {
          const { side, acceptedBy } = event.data;
          return { ...proposed(), acceptedBy: { ...proposed().acceptedBy, [side]: acceptedBy } };
        }
        case 'AllocationDeclined':
          return ended(state, 'declined');
        case 'AllocationExpired':
          return ended(state, 'expired');
        case 'AllocationFailed':
          return ended(state, 'failed');
        case 'AllocationStarted':
          return { ...proposalOf(state), stage: 'started', reports: new Map() };
        case 'HoursReported': {
          if (state.stage !== 'started') throw new Error(`Hours were reported when the allocation was ${state.stage}.`);
          const { side, week, minutes } = event.data;
          const reports = new Map(state.reports).set(week, { ...state.reports.get(week), [side]: minutes });
          return { ...state, reports };
        }
        case 'DeliveryDisputed':
          return state;
        case 'AllocationDelivered':
          return ended(state, 'delivered');
        case 'AllocationReleased': {
          const { fromWeek } = event.data;
          const weeks = fromWeek === undefined ? [] : weeksBefore(state.weeks, fromWeek);
          return state.stage === 'started' && weeks.length > 0 ? { ...state, weeks } : ended(state, 'released');
        }
      }
    },
  },
};

/** Both sides have accepted. */
export function isAgreed(state: AllocationState): boolean {
  return state.stage === 'proposed' && sides.every((side) => state.acceptedBy[side] !== undefined);
}

/** The weeks of which the sides say different things, in the order of time. */
export function disputedWeeks(reports: ReadonlyMap<string, Report>): readonly string[] {
  return [...reports]
    .filter(
      ([, { helping, supporting }]) => helping !== undefined && supporting !== undefined && helping !== supporting,
    )
    .map(([week]) => week)
    .sort();
}

function report(
  data: { readonly side: Side; readonly week: string; readonly minutes: number },
  state: Started,
  subject: string,
  today: string,
) {
  const { side, week, minutes } = data;
  if (!byWeek(state.weeks).has(week)) {
    const detail = `The allocation has no minutes in ${week}.`;
    return refuse('unprocessable', 'WEEK_NOT_ALLOCATED', detail, { weeks: state.weeks });
  }
  if (mondayOf(week) > today) {
    const detail = `${week} begins on ${mondayOf(week)}; hours are reported of weeks that have begun.`;
    return refuse('unprocessable', 'WEEK_TO_COME', detail, { today });
  }
  const before = state.reports.get(week);
  if (before?.[side] === minutes) return [];
  const now: Report = { ...before, [side]: minutes };
  const { helping, supporting } = now;
  const reported = { type: 'HoursReported', data: { ...data, reportedBy: subject } } as const;
  if (helping !== undefined && supporting !== undefined && helping !== supporting) {
    return [reported, { type: 'DeliveryDisputed', data: { week, helping, supporting } } as const];
  }
  return [reported, ...delivery(state.weeks, new Map(state.reports).set(week, now))];
}

/** It is delivered when both sides have said the same of each of its weeks. */
function delivery(weeks: readonly WeekRun[], reports: ReadonlyMap<string, Report>) {
  const agreed = [...byWeek(weeks).keys()].map((week) => {
    const { helping, supporting } = reports.get(week) ?? {};
    return helping === supporting ? helping : undefined;
  });
  const minutes = agreed.reduce((sum: number | undefined, one) => add(sum, one), 0);
  return agreed.length === 0 || minutes === undefined
    ? []
    : [{ type: 'AllocationDelivered', data: { minutes } } as const];
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function proposalOf(state: Exclude<AllocationState, { stage: 'none' }>): Proposal {
  const { offerId, needId, supportingOrganisationId, helpingOrganisationId, weeks, expiresAt, roundId } = state;
  return { offerId, needId, supportingOrganisationId, helpingOrganisationId, weeks, expiresAt, roundId };
}

function ended(state: Exclude<AllocationState, { stage: 'none' }>, stage: Ended['stage']): Ended {
  return { ...proposalOf(state), stage };
}

function notProposed(stage: AllocationState['stage']) {
  const detail = `The allocation is ${stage}; sides accept or decline what is proposed.`;
  return refuse('conflict', 'ALLOCATION_NOT_PROPOSED', detail, { stage });
}
