import { randomUUID } from 'node:crypto';
import {
  type AllocationEvent,
  allocationEvents,
  type NeedEvent,
  needEvents,
  type NeedFacts,
  type OfferEvent,
  offerEvents,
  type OfferFacts,
} from '@alliance/capacity-matching/events';
import type { Planted } from './audit.given';

const catalogues = { offer: offerEvents, need: needEvents, allocation: allocationEvents } as const;

/** Ten hours a week over three whole weeks: 2026-W15 to 2026-W17. */
const offerFacts: OfferFacts = {
  skills: [{ key: 'counselling', level: 3 }],
  languages: [{ tag: 'uk', level: 'B2' }],
  fieldKeys: ['accommodation'],
  regionKeys: ['09000000'],
  isRemotePossible: false,
  ...{ from: '2026-04-06', until: '2026-04-26', minutesPerWeek: 600, weekdays: ['mon', 'thu'] },
  ...{ seats: 2, leadTimeDays: 0, excludedOrganisationIds: [] },
};
const needFacts: NeedFacts = {
  ...{ mustSkills: [{ key: 'counselling', level: 2 }], niceSkills: [], languages: [{ tag: 'uk', level: 'B1' }] },
  ...{ fieldKeys: ['accommodation', 'orientation'], regionKey: '09162000', isRemotePossible: false },
  ...{ from: '2026-04-06', until: '2026-05-03', minutesPerWeek: 600, weekdays: ['mon', 'tue', 'thu'] },
  ...{ neededBy: '2026-04-13', severity: 2, strain: 'challenging', peoplePerHelper: 20 },
  ...{ requiredQualifications: ['work-with-children'], excludedOrganisationIds: [] },
};

/**
 * An allocation of five hours in each of two weeks, from the offer to the hours that both sides confirm, as the service
 * would have written it; then another one of the same offer, which is released. Each event is an hour after the one before,
 * from 1 April 2026 on.
 */
export function aMatchingTale() {
  const ids = {
    ...{ offer: randomUUID(), need: randomUUID(), allocation: randomUUID(), another: randomUUID() },
    ...{ supporter: randomUUID(), helper: randomUUID() },
  };
  const tale: Planted[] = [];
  const eventIds = new Map<string, string>();
  const step = (
    key: string,
    [stream, id]: readonly [keyof typeof catalogues, string],
    event: OfferEvent | NeedEvent | AllocationEvent,
    by: 'supporter-1' | 'helper-1' | 'coordinator-1' | 'capacity-matching.allocation',
    causedBy?: string,
  ) => {
    const eventId = randomUUID();
    eventIds.set(key, eventId);
    const acting = { 'supporter-1': ids.supporter, 'helper-1': ids.helper }[by as string];
    const roles = acting !== undefined ? ['representative'] : by === 'coordinator-1' ? ['coordinator'] : [];
    const at = new Date(Date.UTC(2026, 3, 1, tale.length)).toISOString();
    const cause = causedBy === undefined ? undefined : eventIds.get(causedBy);
    const who = { by, roles, organisationId: acting };
    tale.push({ key, catalogue: catalogues[stream], id, event, ...who, eventId, causedBy: cause, at });
  };
  const offer = ['offer', ids.offer] as const;
  const need = ['need', ids.need] as const;
  const allocation = ['allocation', ids.allocation] as const;
  const another = ['allocation', ids.another] as const;
  const itself = 'capacity-matching.allocation';
  const weeks = [{ from: '2026-W15', to: '2026-W16', minutes: 300 }];
  const expiresAt = '2026-04-04T00:00:00.000Z';
  const between = {
    ...{ offerId: ids.offer, needId: ids.need },
    ...{ supportingOrganisationId: ids.supporter, helpingOrganisationId: ids.helper },
    ...{ weeks, expiresAt },
  };
  const held = { needId: ids.need, weeks, expiresAt };

  const published = { organisationId: ids.supporter, facts: offerFacts, publishedBy: 'supporter-1' };
  step('published', offer, { type: 'OfferPublished', data: published }, 'supporter-1');
  const proof = { key: 'work-with-children', evidence: 'dms/7', validUntil: '2026-04-19' };
  const proved: OfferEvent = { type: 'QualificationProved', data: { ...proof, checkedBy: 'coordinator-1' } };
  step('proved', offer, proved, 'coordinator-1');
  const opened = { organisationId: ids.helper, facts: needFacts, openedBy: 'helper-1' };
  step('opened', need, { type: 'NeedOpened', data: opened }, 'helper-1');
  step('proposed', allocation, { type: 'AllocationProposed', data: between }, 'coordinator-1');
  const capacityHeld = { allocationId: ids.allocation, ...held };
  step('held', offer, { type: 'CapacityHeld', data: capacityHeld }, itself, 'proposed');
  step('secured', allocation, { type: 'CapacitySecured', data: {} }, itself, 'held');
  const accept = (side: 'helping' | 'supporting', acceptedBy: 'helper-1' | 'supporter-1') =>
    step(`${side} accepted`, allocation, { type: 'AllocationAccepted', data: { side, acceptedBy } }, acceptedBy);
  accept('helping', 'helper-1');
  accept('supporting', 'supporter-1');
  const confirmed: OfferEvent = { type: 'HoldConfirmed', data: { allocationId: ids.allocation } };
  step('confirmed', offer, confirmed, itself, 'supporting accepted');
  step('started', allocation, { type: 'AllocationStarted', data: {} }, itself, 'confirmed');

  step('another proposed', another, { type: 'AllocationProposed', data: between }, 'coordinator-1');
  const alsoHeld = { allocationId: ids.another, ...held };
  step('another held', offer, { type: 'CapacityHeld', data: alsoHeld }, itself, 'another proposed');
  const givenUp = { reasonCode: 'given-up' };
  step('another released', another, { type: 'AllocationReleased', data: givenUp }, 'coordinator-1');
  const freed: OfferEvent = { type: 'HoldReleased', data: { allocationId: ids.another, ...givenUp } };
  step('freed', offer, freed, itself, 'another released');

  const report = (side: 'helping' | 'supporting', week: string, minutes: number) => {
    const by = side === 'helping' ? 'helper-1' : 'supporter-1';
    const data = { side, week, minutes, reportedBy: by };
    step(`${side} reported ${week}`, allocation, { type: 'HoursReported', data }, by);
  };
  for (const week of ['2026-W15', '2026-W16']) {
    report('supporting', week, 280);
    report('helping', week, 280);
  }
  step('delivered', allocation, { type: 'AllocationDelivered', data: { minutes: 560 } }, 'helper-1');
  return { ids, tale };
}
