import type { EventOf } from '@alliance/event-sourcing';
import type { organisationEvents } from '@alliance/registry';
import type { MadeName } from './organisation-names';
import type { Place } from './places';

type AppliedFor = Extract<EventOf<typeof organisationEvents>, { type: 'MembershipAppliedFor' }>;
export type Facts = AppliedFor['data']['facts'];

/** An organisation as it is, from which its records are written. */
export interface Made {
  readonly place: Place;
  readonly name: MadeName;
  readonly facts: Facts;
}
