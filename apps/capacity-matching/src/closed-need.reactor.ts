import { deriveId } from '@alliance/event-store';
import type { Reactor } from '@alliance/service-host';
import { allocation } from './allocation/allocation.decider';
import { type ReleaseUnstarted, releaseAfter } from './closed-need.policy';
import { needEvents } from './need/need.events';
import { unstartedAllocationsOf } from './organisation-standing/commitment.read-model';

/**
 * Releases what has not started for a need that is closed. What its read model does not have yet is found by the schedule
 * that looks after commitments.
 */
export const closedNeedReactor: Reactor<ReleaseUnstarted> = {
  name: 'closed-need',
  catalogues: [needEvents],
  policy: releaseAfter,
  async execute({ target }, context, commands, { manager }) {
    for (const allocationId of await unstartedAllocationsOf(manager, target)) {
      const following = { ...context, commandId: deriveId(context.commandId, allocationId) };
      const data = { reasonCode: 'need-closed' };
      await commands.decide(allocation, allocationId, { type: 'CallOffAllocation', data, context: following });
    }
  },
};
