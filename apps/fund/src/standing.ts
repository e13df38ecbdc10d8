import type { DataOf, GrantEvent } from './grant/grant.events';
import type { Standing } from './recipient-standing/recipient-standing.events';

/** Of a grant's recipient, after merges of the record that survives. */
export type StandingState = Omit<DataOf<'RecipientStandingChanged'>, 'organisationId'>;

/** `undefined` until the grant's stream tells of it. */
export function evolveStanding(state: StandingState | undefined, event: GrantEvent): StandingState | undefined {
  if (event.type !== 'RecipientStandingChanged') return state;
  const { standing, survivorId, since } = event.data;
  return { standing, survivorId, since };
}

/**
 * What is newer is kept even where it says the same, else news between the two that come late would undo it. Of the same
 * moment what says something else is news.
 */
export function isNews(told: StandingState, known: StandingState): boolean {
  if (told.since !== known.since) return told.since > known.since;
  return told.standing !== known.standing || told.survivorId !== known.survivorId;
}

const strictness: Readonly<Record<Standing, number>> = { admitted: 0, unknown: 1, suspended: 2, left: 3 };

/**
 * Of what the grant's stream says and what the registry has told meanwhile, either of which may lag behind the other:
 * the standing that allows less, and the survivor that was named last.
 */
export function stricter(inStream: StandingState | undefined, told: StandingState): StandingState {
  if (inStream === undefined) return told;
  const { standing } = strictness[inStream.standing] > strictness[told.standing] ? inStream : told;
  const { survivorId, since } = inStream.since > told.since ? inStream : told;
  return { standing, survivorId, since };
}
