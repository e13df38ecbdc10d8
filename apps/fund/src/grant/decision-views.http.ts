import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Member } from '../call/call.events';
import { conflictOf, type Conflicts, personOf } from '../conflicts';
import { type Endorsement, standingApprovals } from '../four-eyes';
import type { DecisionState } from './decision-state';
import type { DataOf } from './grant.events';

const stages = [
  ...['applying', 'in-review', 'recommended', 'deferred', 'blocked', 'rejected', 'withdrawn'],
  ...['awarding', 'awarded', 'contracted', 'revoked', 'closed'],
];

export class ProposedVersion {
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly version: number;
}

export class DecidedStage {
  @ApiProperty({ enum: stages, description: '`awarding`: it is decided and waits for the pot.' })
  readonly stage: DecisionState['stage'];
}

class ApprovalView {
  readonly subject: string;

  @ApiProperty({ description: 'Not when a conflict of interest has come since.' })
  readonly counts: boolean;
}

/** What is or was to be decided on a grant, and by whom. */
export class DecisionView extends DecidedStage {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'The last one, with its version.' })
  readonly proposal?: DataOf<'DecisionProposed'>;

  @ApiPropertyOptional({ type: 'integer', description: 'Of persons besides who requested or proposed it.' })
  readonly approvalsNeeded?: number;

  @ApiProperty({ type: [ApprovalView], description: 'Of the version of the proposal.' })
  readonly approvals: ApprovalView[];

  @ApiProperty({
    type: [String],
    description:
      'Who has declared to have no conflict of interest, and neither has one nor requested, proposed or approved it: they may approve it if they have the role.',
  })
  readonly mayStillApprove: string[];
}

/** `conflicts` at present; `panel` of the call, which knows employers. */
export function decisionView(
  state: Exclude<DecisionState, { stage: 'none' }>,
  conflicts: Conflicts,
  panel: readonly Member[],
): DecisionView {
  const { stage, proposal, endorsement } = state;
  if (proposal === undefined || endorsement === undefined) return { stage, approvals: [], mayStillApprove: [] };
  const counting = standingApprovals(endorsement, conflicts);
  return {
    stage,
    proposal,
    approvalsNeeded: endorsement.approvalsNeeded,
    approvals: endorsement.approvals.map((one) => ({ subject: one.subject, counts: counting.includes(one) })),
    mayStillApprove: stage === 'recommended' ? mayStillApprove(endorsement, conflicts, panel) : [],
  };
}

function mayStillApprove(
  { requesters, approvals }: Endorsement,
  conflicts: Conflicts,
  panel: readonly Member[],
): string[] {
  const excluded = [...requesters, ...approvals.map(({ subject }) => subject)];
  return conflicts.cleared.filter(
    (subject) =>
      !excluded.includes(subject) && conflictOf(personOf({ subject, roles: [] }, panel), conflicts) === undefined,
  );
}
