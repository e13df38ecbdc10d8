import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import { allocation } from './allocation.decider';
import { expiredProposals } from './allocation-register.read-model';

type Expiry = DueCommand<'ExpireAllocation', object>;

/** Ends proposals that a side has not accepted in time; what follows from it gives their minutes back. */
export const allocationExpiry: Schedule<Expiry> = {
  name: 'allocation-expiry',
  everyMs: 60_000,
  async due(tx, { now, after, limit }) {
    const ids = await expiredProposals(tx, { now, afterId: after?.target, limit });
    return ids.map((target) => ({ type: 'ExpireAllocation', target, data: {}, occasion: 'expiry' }));
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(allocation, target, { type, data, context });
  },
};
