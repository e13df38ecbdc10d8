import { addDays, weekOf } from '@alliance/calendar';
import type { WeekRun } from '../event-fields';
import type { Needed, Offered } from '../feasibility';
import type { MinutesByWeek } from '../weekly-minutes';

/** An open offer with the minutes that are free of it. */
export interface OfferInput extends Offered {
  readonly id: string;
  readonly free: MinutesByWeek;
}

/**
 * An open need with what is allocated to it, proposed or more. What a side has declined is among it without weeks: a round
 * does not propose it again, though a coordinator may, by hand.
 */
export interface NeedInput extends Needed {
  readonly id: string;
  /** In force, from 1. */
  readonly severity: number;
  readonly openedAt: string;
  readonly supplies: readonly { readonly offerId: string; readonly weeks: readonly WeekRun[] }[];
}

/** A shortage that lasts, of a field of action in a region and all that lies within it. */
export interface ShortageInput {
  readonly id: string;
  readonly fieldKey: string;
  readonly regionKey: string;
}

/** The terms of a score, each of which comes to 0 to 100 points before it is weighed. */
export const scoreTerms = ['fit', 'date', 'strain', 'waiting', 'load', 'distance', 'shortage'] as const;
export type ScoreTerm = (typeof scoreTerms)[number];

/** What a round goes by besides what it sees. */
export interface RoundSettings {
  /** The day, in Berlin, on which it is run. */
  readonly today: string;
  /** The weeks for which it proposes. */
  readonly firstWeek: string;
  readonly lastWeek: string;
  /** How much each term counts: of the sum of all weights. */
  readonly weights: Readonly<Record<ScoreTerm, number>>;
  /** Days after which waiting counts in full. */
  readonly waitingFullDays: number;
  /** People for each helper from which on the load counts in full. */
  readonly loadFullPeople: number;
  /** Hours for which the offers hold what is proposed. */
  readonly holdHours: number;
}

/** With which a round begins that is requested on that day: the first that is to come as a whole, today's on a Monday. */
export function firstWholeWeek(today: string): string {
  return weekOf(addDays(today, 6));
}

/** All that a round sees, at one position of the log. Lists are in the order of their ids. */
export interface RoundInputs {
  readonly offers: readonly OfferInput[];
  readonly needs: readonly NeedInput[];
  readonly shortages: readonly ShortageInput[];
  /** Organisations that get no new proposals at present: too much of what they were offered is still open. */
  readonly pausedOrganisationIds: readonly string[];
  readonly settings: RoundSettings;
}
