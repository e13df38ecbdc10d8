import { type Clock, systemClock } from '@alliance/event-sourcing';
import { type Caller, ServiceWorld } from '@alliance/service-world';
import { registry } from './registry.module';

export const coordinator: Caller = { subject: 'coordinator-1', role: 'coordinator' };
export const otherCoordinator: Caller = { subject: 'coordinator-2', role: 'coordinator' };
export const representative: Caller = { subject: 'representative-1', role: 'representative' };

/** The registry at work. */
export type RegistryWorld = ServiceWorld;
export const RegistryWorld = {
  start: (environment: Readonly<Record<string, string>> = {}, clock: Clock = systemClock): Promise<RegistryWorld> =>
    ServiceWorld.start(registry, environment, clock),
};
