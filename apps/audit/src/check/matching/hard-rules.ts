import { addDays, mondayOf } from '@alliance/calendar';
import type { NeedFacts, OfferFacts } from '@alliance/capacity-matching/events';
import { needEvents, offerEvents } from '@alliance/capacity-matching/events';
import type { LogPosition } from '@alliance/event-sourcing';
import { regionLadder } from '@alliance/region-keys';
import type { MatchingRecord } from '../../matching-record';
import { type Finding, type Invariant, noteOf } from '../invariant';
import { minutesBy, minutesIn } from './weeks';

interface Known<Facts> {
  organisationId?: string;
  facts?: Facts;
  at?: LogPosition;
}

interface KnownOffer extends Known<OfferFacts> {
  /** Until when the proof of a qualification counts. */
  readonly proofs: Map<string, string>;
}

export const hardRulesHeld: Invariant<MatchingRecord> = {
  name: 'hard-rules-held',
  says: 'No allocation was proposed that a hard rule forbids: exclusions, proofs, region, skills, languages, days.',

  begin() {
    const offers = new Map<string, KnownOffer>();
    const needs = new Map<string, Known<NeedFacts>>();
    return (event): readonly Finding[] => {
      const offer = (id: string) => noteOf(offers, id, (): KnownOffer => ({ proofs: new Map() }));
      const need = (id: string) => noteOf(needs, id, (): Known<NeedFacts> => ({}));
      const { position: at } = event;
      switch (event.type) {
        case 'OfferPublished': {
          const { organisationId, facts } = event.data;
          Object.assign(offer(offerEvents.category.idOf(event.streamName)), { organisationId, facts, at });
          return [];
        }
        case 'OfferRevised':
          Object.assign(offer(offerEvents.category.idOf(event.streamName)), { facts: event.data.facts, at });
          return [];
        case 'QualificationProved': {
          const { key, validUntil } = event.data;
          offer(offerEvents.category.idOf(event.streamName)).proofs.set(key, validUntil);
          return [];
        }
        case 'NeedOpened': {
          const { organisationId, facts } = event.data;
          Object.assign(need(needEvents.category.idOf(event.streamName)), { organisationId, facts, at });
          return [];
        }
        case 'NeedRevised':
          Object.assign(need(needEvents.category.idOf(event.streamName)), { facts: event.data.facts, at });
          return [];
        case 'AllocationProposed': {
          const { offerId, needId, weeks, supportingOrganisationId, helpingOrganisationId } = event.data;
          const [offered, needed] = [offer(offerId), need(needId)];
          if (offered.facts === undefined || needed.facts === undefined) {
            return [{ words: 'It is between an offer and a need of which one is not there.' }];
          }
          const because = [offered.at, needed.at].filter((one) => one !== undefined);
          const words = [
            ...(supportingOrganisationId === offered.organisationId
              ? []
              : ['The supporting side is not whose offer it is.']),
            ...(helpingOrganisationId === needed.organisationId ? [] : ['The helping side is not whose need it is.']),
            ...organisationFaults(supportingOrganisationId, helpingOrganisationId, offered.facts, needed.facts),
            ...fitFaults(offered.facts, needed.facts),
            ...timeFaults(offered.facts, needed.facts, [...minutesBy(weeks).keys()]),
            ...proofFaults(offered.proofs, offered.facts, needed.facts, weeks.at(-1)?.to),
          ];
          return words.map((one) => ({ words: one, because }));
        }
        default:
          return [];
      }
    };
  },
};

function organisationFaults(supporting: string, helping: string, offer: OfferFacts, need: NeedFacts): string[] {
  return [
    ...(supporting === helping ? ['An organisation helps itself.'] : []),
    ...(offer.excludedOrganisationIds.includes(helping) ? [`The offer excludes the organisation ${helping}.`] : []),
    ...(need.excludedOrganisationIds.includes(supporting) ? [`The need excludes the organisation ${supporting}.`] : []),
  ];
}

const levels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'];

function fitFaults(offer: OfferFacts, need: NeedFacts): string[] {
  const isReached =
    (offer.isRemotePossible && need.isRemotePossible) ||
    offer.regionKeys.some((key) => regionLadder(need.regionKey).includes(key));
  const unskilled = need.mustSkills.filter(
    ({ key, level }) => !offer.skills.some((one) => one.key === key && one.level >= level),
  );
  const unspoken = need.languages.filter(
    ({ tag, level }) =>
      !offer.languages.some((one) => one.tag === tag && levels.indexOf(one.level) >= levels.indexOf(level)),
  );
  return [
    ...(offer.fieldKeys.some((key) => need.fieldKeys.includes(key)) ? [] : ['They share no field of action.']),
    ...(isReached ? [] : [`The offer does not reach the region ${need.regionKey}.`]),
    ...unskilled.map(({ key, level }) => `The offer lacks the skill ${key} at level ${level}.`),
    ...unspoken.map(({ tag, level }) => `The offer lacks the language ${tag} at ${level}.`),
  ];
}

function timeFaults(offer: OfferFacts, need: NeedFacts, weeks: readonly string[]): string[] {
  const beyond = weeks.filter((week) => minutesIn(offer, week) === 0 || minutesIn(need, week) === 0);
  const unwanted =
    need.weekdays === undefined
      ? []
      : (offer.weekdays ?? ['any day']).filter((day) => !need.weekdays?.some((one) => one === day));
  return [
    ...(beyond.length === 0 ? [] : [`Weeks that not both of them cover: ${beyond.join(', ')}.`]),
    ...(unwanted.length === 0 ? [] : [`The need does not want the days of the offer: ${unwanted.join(', ')}.`]),
  ];
}

/** Each has to count to the last day of help. */
function proofFaults(
  proofs: ReadonlyMap<string, string>,
  offer: OfferFacts,
  need: NeedFacts,
  lastWeek: string | undefined,
): string[] {
  const ends = [offer.until, need.until, ...(lastWeek === undefined ? [] : [addDays(mondayOf(lastWeek), 6)])];
  const lastDay = ends.reduce((a, b) => (a < b ? a : b));
  return need.requiredQualifications
    .filter((key) => (proofs.get(key) ?? '') < lastDay)
    .map((key) => `The offer has no proof of ${key} that counts until ${lastDay}.`);
}
