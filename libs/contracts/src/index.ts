export {
  allocationAcceptedV1,
  allocationDeliveredV1,
  allocationEndedV1,
  allocationProposedV1,
  allocationSecuredV1,
  allocationStartedV1,
  hoursReportedV1,
} from './capacity-matching/allocation.v1';
export { needClosedV1, needOpenedV1, needPrioritisedV1, needRevisedV1 } from './capacity-matching/need.v1';
export {
  offerPausedV1,
  offerPublishedV1,
  offerResumedV1,
  offerRevisedV1,
  offerWithdrawnV1,
} from './capacity-matching/offer.v1';
export { roundSolvedV1 } from './capacity-matching/round.v1';
export { contracts, topics } from './catalogue';
export type { Contract, ContractData, Publication } from './contract';
export { publication } from './contract';
export { factAssuredV1, factMarkedStaleV1, factRetiredV1, reminderFellDueV1 } from './registry/assurance.v1';
export { callClosedV1, callPublishedV1 } from './fund/call.v1';
export { grantAwardedV1, grantClosedV1, grantRevokedV1 } from './fund/grant.v1';
export { paymentRequestedV1, paymentSettledV1 } from './fund/payment.v1';
export { shortageDeclaredV1, shortageEasedV1 } from './public-sector-liaison/shortage.v1';
export { fieldOfActionAddedV1, fieldOfActionRenamedV1, fieldOfActionRetiredV1 } from './registry/field-of-action.v1';
export { readerSchema } from './reader-schema';
export {
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationRevisedV1,
  organisationSuspendedV1,
} from './registry/organisation.v1';
export { regionRecordedV1 } from './registry/region.v1';
export {
  structureCapacityAssuredV1,
  structureConfirmedV1,
  structureEndedV1,
  structureRecordedV1,
  structureRevisedV1,
} from './registry/structure.v1';
export type { Topic } from './topic';
