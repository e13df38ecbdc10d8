import { type Aggregate, refuse } from '@alliance/event-sourcing';
import { approveDecision, withdrawDecisionApproval } from './approval';
import { endAward } from './award';
import type { DecisionCommand } from './decision-commands';
import { type DecisionState, evolveDecision } from './decision-state';
import { type GrantEvent, grantEvents } from './grant.events';
import { closeGrant, recordContract, revokeGrant } from './grant-end';
import { proposeDecision } from './proposal';

/**
 * What the fund does with an application: `in-review → recommended → awarding → awarded → contracted → closed`, or
 * `rejected`; or `deferred` or `blocked`, after which another proposal is made. Nothing is decided but by four eyes.
 */
export const grantDecision: Aggregate<DecisionCommand, DecisionState, GrantEvent> = {
  catalogue: grantEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
      switch (command.type) {
        case 'ProposeDecision':
          return proposeDecision(command, state);
        case 'ApproveDecision':
          return approveDecision(command, state);
        case 'WithdrawDecisionApproval':
          return withdrawDecisionApproval(command, state);
        case 'CompleteAward':
        case 'BlockAward':
          return endAward(command, state);
        case 'RecordContract':
          return recordContract(command, state);
        case 'RevokeGrant':
          return revokeGrant(command, state);
        case 'CloseGrant':
          return closeGrant(command, state);
        default:
          return command satisfies never;
      }
    },

    evolve: evolveDecision,
  },
};
