import type { OrganisationEvent } from '../organisation/organisation.events';

/** Whether an organisation belongs to the alliance after an event of its stream; `undefined`: as it was before. */
const IS_MEMBER_AFTER: Record<Exclude<OrganisationEvent['type'], 'MergeUndone'>, boolean | undefined> = {
  MembershipAppliedFor: false,
  InformationRequested: undefined,
  InformationProvided: undefined,
  OrganisationVerified: undefined,
  AdmissionDecided: undefined,
  AdmissionBlocked: undefined,
  OrganisationAdmitted: true,
  MembershipRefused: false,
  OrganisationSuspended: false,
  OrganisationReinstated: true,
  OrganisationLeft: false,
  MergeDecided: undefined,
  MergeBlocked: undefined,
  OrganisationMerged: false,
  OrganisationAbsorbed: undefined,
  AbsorptionDeclined: undefined,
  AbsorptionUndone: undefined,
};

/** Whether the organisation with this history is admitted and not suspended. */
export function isMember(history: readonly OrganisationEvent[]): boolean {
  return history.reduce(
    (member, event) =>
      event.type === 'MergeUndone' ? event.data.toStage === 'admitted' : (IS_MEMBER_AFTER[event.type] ?? member),
    false,
  );
}
