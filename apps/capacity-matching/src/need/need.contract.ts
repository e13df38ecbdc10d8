import {
  needClosedV1,
  needOpenedV1,
  needPrioritisedV1,
  needRevisedV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type NeedEvent, needEvents, type NeedFacts } from './need.events';

export const needContracts = [needOpenedV1, needRevisedV1, needPrioritisedV1, needClosedV1] as const;

/** What others are told of a need: what is missing when and where. Not how the organisation itself stands, nor whom it refuses. */
export function publishNeed(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & NeedEvent;
  const needId = needEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (type) {
    case 'NeedOpened': {
      const { organisationId, facts } = data;
      return publication(needOpenedV1, { needId, organisationId, ...told(facts), openedAt: occurredAt });
    }
    case 'NeedRevised':
      return publication(needRevisedV1, { needId, ...told(data.facts), revisedAt: occurredAt });
    case 'NeedPrioritised': {
      const { severity, reasonCode } = data;
      return publication(needPrioritisedV1, { needId, severity, reasonCode, prioritisedAt: occurredAt });
    }
    case 'NeedClosed':
      return publication(needClosedV1, { needId, reasonCode: data.reasonCode, closedAt: occurredAt });
    default:
      return undefined;
  }
}

function told(facts: NeedFacts) {
  const { mustSkills, niceSkills, languages, fieldKeys, regionKey, isRemotePossible } = facts;
  const { from, until, minutesPerWeek, weekdays, neededBy, severity } = facts;
  const who = { mustSkills, niceSkills, languages, fieldKeys, regionKey, isRemotePossible };
  return { ...who, from, until, minutesPerWeek, ...(weekdays !== undefined && { weekdays }), neededBy, severity };
}
