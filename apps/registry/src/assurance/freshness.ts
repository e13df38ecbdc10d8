import { addDays, dayOf, daysBetween } from '@alliance/calendar';

/** How facts age: the confidence in a fact halves with each half-life since somebody has assured that it holds. */

export const recordTypes = ['organisation', 'structure'] as const;
export type RecordType = (typeof recordTypes)[number];

export const factKinds = ['identity', 'seat', 'fields', 'offer', 'capacity'] as const;
export type FactKind = (typeof factKinds)[number];

/** Who may assure that a fact holds: who represents the organisation whose fact it is, and the alliance's coordinators. */
export const assurerRoles = ['representative', 'coordinator'] as const;

/** What ages of an organisation: name, legal form and registrations; region and website; fields of action. */
export const organisationFacts: readonly FactKind[] = ['identity', 'seat', 'fields'];

/** What ages of a structure: what is offered, where and for whom; how much of it, if that was said. */
export function structureFacts({ capacity }: { readonly capacity?: unknown }): readonly FactKind[] {
  return capacity === undefined ? ['offer'] : ['offer', 'capacity'];
}

/** The rule by which facts of a kind age, as the settings have it. */
export interface Ageing {
  readonly halfLifeDays: number;
  /** How long before a fact is marked stale somebody must have been reminded of it. */
  readonly noticeDays: number;
}

/** How far a fact can be relied upon on that day, from 1 when it was assured towards 0. */
export function confidence(assuredAt: string, onDay: string, { halfLifeDays }: Pick<Ageing, 'halfLifeDays'>): number {
  return 0.5 ** (Math.max(0, daysBetween(dayOf(assuredAt), onDay)) / halfLifeDays);
}

/** The day from which on its reminder is due: confidence has fallen to a half. */
export function reminderOn(assuredAt: string, { halfLifeDays }: Pick<Ageing, 'halfLifeDays'>): string {
  return addDays(dayOf(assuredAt), halfLifeDays);
}

/**
 * The day from which on the fact is stale: confidence has fallen to a quarter, and the notice since the reminder has
 * passed. So nobody's facts are marked unannounced, were the reminder ever so late.
 */
export function staleOn(assuredAt: string, remindedAt: string, { halfLifeDays, noticeDays }: Ageing): string {
  const faded = addDays(dayOf(assuredAt), 2 * halfLifeDays);
  const announced = addDays(dayOf(remindedAt), noticeDays);
  return faded > announced ? faded : announced;
}
