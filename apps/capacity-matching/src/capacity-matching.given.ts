import { type Clock, systemClock } from '@alliance/event-sourcing';
import { type Caller, ServiceWorld } from '@alliance/service-world';
import { capacityMatching } from './capacity-matching.module';

export const coordinator: Caller = { subject: 'coordinator-1', role: 'coordinator' };
/** Speaks for an organisation, and for that only. */
export const representativeOf = (organisationId: string): Caller => ({
  subject: `representative-of-${organisationId}`,
  role: 'representative',
  organisationId,
});

/** Capacity-matching at work. */
export type MatchingWorld = ServiceWorld;
export const MatchingWorld = {
  start: (environment: Readonly<Record<string, string>> = {}, clock: Clock = systemClock): Promise<MatchingWorld> =>
    ServiceWorld.start(capacityMatching, environment, clock),
};
