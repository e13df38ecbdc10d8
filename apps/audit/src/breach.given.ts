import { randomUUID } from 'node:crypto';
import type { GrantEvent } from '@alliance/fund/events';
import type { AuditWorld, Planted } from './audit.given';
import { aTale } from './tale.given';

export type Ids = ReturnType<typeof aTale>['ids'];
export type Mend = (tale: readonly Planted[], ids: Ids) => readonly Planted[];

/** Changes what the event says, and who said it. */
export const change =
  (key: string, data: (ids: Ids) => object, by?: Partial<Planted>): Mend =>
  (tale, ids) =>
    tale.map((one) =>
      one.key === key
        ? { ...one, ...by, event: { ...one.event, data: { ...(one.event.data as object), ...data(ids) } } }
        : one,
    );
export const without =
  (...keys: readonly string[]): Mend =>
  (tale) =>
    tale.filter(({ key }) => !keys.includes(key));
/** In the grant's stream, right before another event. */
export const before =
  (key: string, event: (ids: Ids) => GrantEvent): Mend =>
  (tale, ids) =>
    tale.flatMap((one) => {
      const model = tale.find((each) => each.key === 'drafted');
      if (one.key !== key || model === undefined) return [one];
      return [{ ...model, key: 'planted', event: event(ids), eventId: randomUUID(), at: one.at }, one];
    });

/** What is planted, and which invariants it breaks with which event. */
export interface Planting {
  readonly says: string;
  readonly mend: Mend;
  readonly broken: readonly (readonly [invariant: string, key: string])[];
}

/** What `check` finds in a tale that was so mended: each invariant with the event that breaks it, in order. */
export async function breachesOf(world: AuditWorld, mend: Mend): Promise<readonly string[]> {
  const { tale, ids } = aTale();
  const keys = new Map([...(await world.plant(mend(tale, ids)))].map(([key, position]) => [position, key]));
  const { breaches } = (await world.json(['check'])) as { breaches: { invariant: string; position: string }[] };
  return breaches
    .filter(({ position }) => keys.has(position))
    .map(({ invariant, position }) => `${invariant} ${keys.get(position)}`)
    .sort();
}
