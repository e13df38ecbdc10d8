import type { OrganisationEvent } from '../organisation/organisation.events';

/** Whether an organisation belongs to the alliance after an event of its stream; `undefined`: as it was before. */
const IS_MEMBER_AFTER: Record<OrganisationEvent['type'], boolean | undefined> = {
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
};

/** Whether the organisation with this history is admitted and not suspended. */
export function isMember(history: readonly Pick<OrganisationEvent, 'type'>[]): boolean {
  return history.reduce((member, { type }) => IS_MEMBER_AFTER[type] ?? member, false);
}
