import type { Reactor } from '@alliance/service-host';
import { grantTranches } from './tranche.decider';
import { type VoidRequests, voidRequestsAfter } from './void-requests.policy';

/** Cancels requested payments that nobody is to get any more. A grant that was never awarded has none, and says so. */
export const voidRequestsReactor: Reactor<VoidRequests> = {
  name: 'void-requests',
  catalogues: [grantTranches.catalogue],
  policy: voidRequestsAfter,
  async execute({ type, target, data }, context, commands) {
    await commands.decide(grantTranches, target, { type, data, context });
  },
};
