import type { Command } from '@alliance/event-sourcing';
import type { Member } from '../call/call.events';
import type { Money } from '../money';
import type { StandingState } from '../standing';
import type { OutsideFacts } from './eligibility-state';
import type { DataOf } from './grant.events';

/** By the log of the call: its panel; and which organisations have an interest of their own in the grant at present. */
export interface Independence {
  readonly panel: readonly Member[];
  readonly interestedOrganisationIds: readonly string[];
}

/** So many reviews, and one more where they are further apart than that. */
export interface ReviewRule {
  readonly atLeast: number;
  readonly spreadPercent: number;
}

/** What the fund is to do, and why; without terms those of the call hold. */
export type Proposal = Pick<
  DataOf<'DecisionProposed'>,
  'outcome' | 'amount' | 'terms' | 'conditions' | 'until' | 'reason'
>;

export type ProposeDecision = Command<
  'ProposeDecision',
  Independence & {
    readonly proposal: Proposal;
    /** What is known at this moment, so that the reason is given in the sight of it. */
    readonly doubleFunding: OutsideFacts['doubleFunding'];
    /** From which amount on three have to approve. */
    readonly thirdFrom: Money;
    readonly reviewRule: ReviewRule;
  }
>;
/** The facts are of this moment: what has changed since the proposal stands in its way. */
export type ApproveDecision = Command<
  'ApproveDecision',
  Independence & { readonly seenVersion: number; readonly outside: OutsideFacts; readonly reviewRule: ReviewRule }
>;
/** One's own. */
export type WithdrawDecisionApproval = Command<'WithdrawDecisionApproval', object>;

/** How things are at the moment of the award, apart from what the grant's own stream tells. */
export interface AwardFacts {
  readonly interestedOrganisationIds: readonly string[];
  readonly standing: StandingState;
}
/** Both by the process of an award only, which may repeat them: the pot has set the amount aside, or has not. */
export type CompleteAward = Command<'CompleteAward', AwardFacts & { readonly attempt: number }>;
export type BlockAward = Command<'BlockAward', DataOf<'AwardBlocked'>>;

export type RecordContract = Command<'RecordContract', Omit<DataOf<'GrantContracted'>, 'contractedBy'>>;
export type RevokeGrant = Command<'RevokeGrant', Independence & { readonly reasonCode: string }>;
export type CloseGrant = Command<'CloseGrant', object>;

export type DecisionCommand =
  | ProposeDecision
  | ApproveDecision
  | WithdrawDecisionApproval
  | CompleteAward
  | BlockAward
  | RecordContract
  | RevokeGrant
  | CloseGrant;
