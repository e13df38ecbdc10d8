import {
  allocationAcceptedV1,
  allocationDeliveredV1,
  allocationEndedV1,
  allocationProposedV1,
  allocationSecuredV1,
  allocationStartedV1,
  hoursReportedV1,
  matchingAllocationTopicV1,
} from './capacity-matching/allocation.v1';
import {
  matchingNeedTopicV1,
  needClosedV1,
  needOpenedV1,
  needPrioritisedV1,
  needRevisedV1,
} from './capacity-matching/need.v1';
import {
  matchingOfferTopicV1,
  offerPausedV1,
  offerPublishedV1,
  offerResumedV1,
  offerRevisedV1,
  offerWithdrawnV1,
} from './capacity-matching/offer.v1';
import { matchingRoundTopicV1, roundSolvedV1 } from './capacity-matching/round.v1';
import type { Contract } from './contract';
import { callClosedV1, callPublishedV1, fundCallTopicV1 } from './fund/call.v1';
import { fundGrantTopicV1, grantAwardedV1, grantClosedV1, grantRevokedV1 } from './fund/grant.v1';
import { fundPaymentTopicV1, paymentRequestedV1, paymentSettledV1 } from './fund/payment.v1';
import { liaisonShortageTopicV1, shortageDeclaredV1, shortageEasedV1 } from './public-sector-liaison/shortage.v1';
import {
  factAssuredV1,
  factMarkedStaleV1,
  factRetiredV1,
  registryAssuranceTopicV1,
  reminderFellDueV1,
} from './registry/assurance.v1';
import {
  fieldOfActionAddedV1,
  fieldOfActionRenamedV1,
  fieldOfActionRetiredV1,
  registryFieldOfActionTopicV1,
} from './registry/field-of-action.v1';
import {
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationRevisedV1,
  organisationSuspendedV1,
  registryOrganisationTopicV1,
} from './registry/organisation.v1';
import { regionRecordedV1, registryRegionTopicV1 } from './registry/region.v1';
import {
  registryStructureTopicV1,
  structureCapacityAssuredV1,
  structureConfirmedV1,
  structureEndedV1,
  structureRecordedV1,
  structureRevisedV1,
} from './registry/structure.v1';
import type { Topic } from './topic';

/** Every type of event that any service publishes. */
export const contracts: readonly Contract[] = [
  organisationAdmittedV1,
  organisationSuspendedV1,
  organisationReinstatedV1,
  organisationLeftV1,
  organisationRevisedV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  regionRecordedV1,
  fieldOfActionAddedV1,
  fieldOfActionRenamedV1,
  fieldOfActionRetiredV1,
  structureRecordedV1,
  structureConfirmedV1,
  structureRevisedV1,
  structureCapacityAssuredV1,
  structureEndedV1,
  factAssuredV1,
  reminderFellDueV1,
  factMarkedStaleV1,
  factRetiredV1,
  paymentRequestedV1,
  paymentSettledV1,
  callPublishedV1,
  callClosedV1,
  grantAwardedV1,
  grantRevokedV1,
  grantClosedV1,
  offerPublishedV1,
  offerRevisedV1,
  offerPausedV1,
  offerResumedV1,
  offerWithdrawnV1,
  needOpenedV1,
  needRevisedV1,
  needPrioritisedV1,
  needClosedV1,
  allocationProposedV1,
  allocationSecuredV1,
  allocationAcceptedV1,
  allocationStartedV1,
  hoursReportedV1,
  allocationDeliveredV1,
  allocationEndedV1,
  roundSolvedV1,
  shortageDeclaredV1,
  shortageEasedV1,
];

/** Every topic that they are published to. */
export const topics: readonly Topic[] = [
  registryOrganisationTopicV1,
  registryRegionTopicV1,
  registryFieldOfActionTopicV1,
  registryStructureTopicV1,
  registryAssuranceTopicV1,
  fundPaymentTopicV1,
  fundCallTopicV1,
  fundGrantTopicV1,
  matchingOfferTopicV1,
  matchingNeedTopicV1,
  matchingAllocationTopicV1,
  matchingRoundTopicV1,
  liaisonShortageTopicV1,
];
