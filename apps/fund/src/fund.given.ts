import { type Clock, systemClock } from '@alliance/event-sourcing';
import { createLog } from '@alliance/service-host';
import { type Caller, ServiceWorld } from '@alliance/service-world';
import { fund } from './fund.module';

export const coordinator: Caller = { subject: 'coordinator-1', role: 'coordinator' };
export const officer: Caller = { subject: 'officer-1', role: 'fund-officer' };
export const approver: Caller = { subject: 'approver-1', role: 'approver' };
export const representative: Caller = { subject: 'representative-1', role: 'representative' };

/** The fund at work. */
export type FundWorld = ServiceWorld;
export const FundWorld = {
  start: (
    environment: Readonly<Record<string, string>> = {},
    clock: Clock = systemClock,
    log = createLog('fund', 'silent'),
  ): Promise<FundWorld> => ServiceWorld.start(fund, environment, clock, log),
};
