import type { MatchingRecord } from './matching-record';

type Runs = readonly { readonly from: string; readonly to: string; readonly minutes: number }[];

/** What an event of offers, needs and allocations says, in one sentence. */
export function matchingInWords(event: MatchingRecord): string {
  switch (event.type) {
    case 'OfferPublished': {
      const { organisationId, facts } = event.data;
      return `${organisationId} offers ${facts.minutesPerWeek} minutes a week from ${facts.from} until ${facts.until}.`;
    }
    case 'OfferRevised': {
      const { minutesPerWeek, from, until } = event.data.facts;
      return `The offer is of ${minutesPerWeek} minutes a week from ${from} until ${until} now.`;
    }
    case 'OfferAssured':
      return 'The offer still holds.';
    case 'QualificationProved':
      return `Proof of ${event.data.key} was seen, which counts until ${event.data.validUntil}.`;
    case 'OfferPaused':
      return `The offer is paused: ${event.data.reasonCode}.`;
    case 'OfferResumed':
      return `The offer is no longer paused for ${event.data.reasonCode}.`;
    case 'OfferWithdrawn':
      return `The offer was withdrawn: ${event.data.reasonCode}.`;
    case 'CapacityHeld':
      return `The offer holds ${runs(event.data.weeks)}, until ${event.data.expiresAt}.`;
    case 'HoldDeclined':
      return `The offer holds nothing: ${event.data.reasonCode}${short(event.data.short)}.`;
    case 'HoldConfirmed':
      return 'The offer has confirmed the minutes.';
    case 'HoldReleased':
      return `The offer has its minutes back${since(event.data.fromWeek)}: ${event.data.reasonCode}.`;
    case 'NeedOpened': {
      const { organisationId, facts } = event.data;
      return `${organisationId} needs ${facts.minutesPerWeek} minutes a week from ${facts.from} until ${facts.until}, severity ${facts.severity}.`;
    }
    case 'NeedRevised': {
      const { minutesPerWeek, from, until, severity } = event.data.facts;
      return `The need is of ${minutesPerWeek} minutes a week from ${from} until ${until} now, severity ${severity}.`;
    }
    case 'NeedPrioritised':
      return `The need has severity ${event.data.severity}: ${event.data.reasonCode}.`;
    case 'NeedClosed':
      return `The need was closed: ${event.data.reasonCode}.`;
    case 'AllocationProposed': {
      const { weeks, roundId, expiresAt } = event.data;
      const by = roundId === undefined ? '' : ` by the round ${roundId}`;
      return `Proposed${by}: ${runs(weeks)}, to be accepted until ${expiresAt}.`;
    }
    case 'CapacitySecured':
      return 'The minutes are secured.';
    case 'AllocationAccepted':
      return `The ${event.data.side} side accepted.`;
    case 'AllocationDeclined':
      return `The ${event.data.side} side declined: ${event.data.reasonCode}.`;
    case 'AllocationExpired':
      return `It expired; the ${event.data.waitedFor.join(' and the ')} side had not accepted.`;
    case 'AllocationStarted':
      return 'It started.';
    case 'HoursReported':
      return `The ${event.data.side} side says that ${event.data.minutes} minutes were worked in ${event.data.week}.`;
    case 'DeliveryDisputed':
      return `The sides differ on ${event.data.week}: ${event.data.helping} minutes by the helping side, ${event.data.supporting} by the supporting one.`;
    case 'AllocationDelivered':
      return `It was delivered: ${event.data.minutes} minutes in all.`;
    case 'AllocationReleased':
      return `It was given up${since(event.data.fromWeek)}: ${event.data.reasonCode}.`;
    case 'AllocationFailed':
      return `It came to nothing: ${event.data.reasonCode}.`;
  }
}

function runs(weeks: Runs): string {
  return weeks
    .map(({ from, to, minutes }) => `${minutes} minutes in ${from === to ? from : `each week from ${from} to ${to}`}`)
    .join(', ');
}

function short(weeks: readonly { readonly week: string; readonly wanted: number; readonly free: number }[]): string {
  return weeks.map(({ week, wanted, free }) => `, ${free} of ${wanted} minutes free in ${week}`).join('');
}

function since(fromWeek: string | undefined): string {
  return fromWeek === undefined ? '' : ` from ${fromWeek} on`;
}
