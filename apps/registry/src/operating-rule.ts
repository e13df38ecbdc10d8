import { addMonths, dayOf, isDayUpTo } from '@alliance/calendar';
import { type Refusal, refuse } from '@alliance/event-sourcing';

/** Since when something has been at work, and what is brought forward where that is not long. */
export interface Operation {
  readonly operatingSince: string;
  /** Proof of being sustainably set up. */
  readonly sustainablySetUp?: { readonly issuedOn: string };
  readonly minimumOperatingMonths: number;
}

/**
 * The alliance strengthens existing structures: so many months of operation, or proof of being sustainably set up. Why
 * the rule is not met at the moment `at`; `undefined` when it is. The codes begin with what it is about.
 */
export function operatingFault(
  about: 'ORGANISATION' | 'STRUCTURE',
  { operatingSince, sustainablySetUp, minimumOperatingMonths }: Operation,
  at: string,
): Refusal | undefined {
  if (!isDayUpTo(operatingSince, at)) {
    return refuse(
      'unprocessable',
      `${about}_NOT_YET_OPERATING`,
      `The day since when the ${about.toLowerCase()} has been operating has to be a day that exists and not one to come.`,
      { operatingSince },
    );
  }
  if (sustainablySetUp !== undefined) {
    return isDayUpTo(sustainablySetUp.issuedOn, at) ? undefined : evidenceMisdated(about, sustainablySetUp);
  }
  const oldEnoughOn = addMonths(operatingSince, minimumOperatingMonths);
  if (oldEnoughOn <= dayOf(at)) return undefined;
  return refuse(
    'unprocessable',
    `${about}_TOO_YOUNG`,
    `The alliance strengthens existing structures: ${minimumOperatingMonths} months of operation, or proof of being sustainably set up.`,
    { operatingSince, minimumOperatingMonths, oldEnoughOn },
  );
}

/** The refusal of evidence that cannot be of the day it bears. */
export function evidenceMisdated(
  about: 'ORGANISATION' | 'STRUCTURE',
  { issuedOn }: { readonly issuedOn: string },
): Refusal {
  return refuse(
    'unprocessable',
    `${about}_EVIDENCE_MISDATED`,
    'Evidence is dated on a day that exists and not on one to come.',
    { issuedOn },
  );
}
