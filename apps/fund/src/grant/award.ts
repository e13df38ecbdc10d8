import { type Decision, refuse } from '@alliance/event-sourcing';
import { conflictsFrom } from '../conflicts';
import { isEndorsed } from '../four-eyes';
import { stricter } from '../standing';
import type { AwardFacts, BlockAward, CompleteAward } from './decision-commands';
import { grantWrongStage } from './decision-refusals';
import { standingBlockers } from './eligibility';
import type { Awarding, DecisionState } from './decision-state';
import type { DataOf, GrantEvent } from './grant.events';

/**
 * The end of an award that is under way, by what the pot has said. What was decided on is asked again, since a conflict
 * or a suspension may have come in between. A repeat, also of an attempt long past, changes nothing.
 */
export function endAward(command: CompleteAward | BlockAward, state: DecisionState): Decision<GrantEvent> {
  if (state.stage === 'none') return grantWrongStage(state, ['awarding']);
  const { attempt } = command.data;
  if (attempt > state.attempts) {
    return refuse('conflict', 'AWARD_NOT_DECIDED', 'No such award has been decided.', { attempt });
  }
  if (state.stage !== 'awarding' || attempt < state.attempts) return [];
  if (command.type === 'BlockAward') return [{ type: 'AwardBlocked', data: command.data }];
  const blocked = undoing(state, command.data);
  return [
    blocked === undefined
      ? { type: 'GrantAwarded', data: awardOf(state, command.data) }
      : { type: 'AwardBlocked', data: { attempt, ...blocked } },
  ];
}

function undoing(
  { endorsement, declared, eligibility }: Awarding,
  facts: AwardFacts,
): Pick<DataOf<'AwardBlocked'>, 'code' | 'detail'> | undefined {
  if (!isEndorsed(endorsement, conflictsFrom(declared, facts.interestedOrganisationIds))) {
    const detail = 'Of those who approved it, somebody has come to have a conflict of interest.';
    return { code: 'FOUR_EYES_VOIDED', detail };
  }
  const [blocker] = standingBlockers(stricter(eligibility.standing, facts.standing));
  return blocker && { code: blocker.code, detail: blocker.words };
}

function awardOf(
  { attempts: attempt, endorsement: { version }, award, submission, callId, eligibility }: Awarding,
  facts: AwardFacts,
): DataOf<'GrantAwarded'> {
  const { structureId, title, fieldKeys, regionKeys, projectFrom, projectTo } = submission.application;
  const standing = stricter(eligibility.standing, facts.standing);
  return {
    attempt,
    version,
    ...award,
    conditions: [...award.conditions],
    recipientOrganisationId: standing.survivorId,
    funded: { callId, structureId, title, fieldKeys, regionKeys, projectFrom, projectTo },
    standing,
    interestedOrganisationIds: [...facts.interestedOrganisationIds],
  };
}
