import type { CommandContext } from '@alliance/event-sourcing';
import type { Application, OrganisationCommand } from './organisation.decider';
import type { OrganisationEvent } from './organisation.events';

/** What the specifications of this slice begin with. */
export const organisationId = '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d';

export function context(subject: string, more: Partial<CommandContext> & { organisationId?: string } = {}) {
  const { organisationId: of, ...rest } = more;
  const roles = subject.startsWith('coordinator') ? ['coordinator'] : ['representative'];
  return {
    commandId: '00000000-0000-4000-8000-000000000001',
    correlationId: 'spec',
    causationId: 'spec',
    actor: { subject, roles, ...(of !== undefined && { organisationId: of }) },
    at: '2026-03-01T10:00:00.000Z',
    ...rest,
  } satisfies CommandContext;
}

export const tafel: Application['facts'] & { kind: 'civil-society' } = {
  name: 'Münchner Tafel e.V.',
  kind: 'civil-society',
  legalForm: 'e.V.',
  operatingSince: '1994-04-01',
  regionKey: '09162000',
  identifiers: [{ scheme: 'vereinsregister', court: 'München', number: 'VR 15087' }],
  fieldKeys: ['basic-supplies'],
};

export const applied: OrganisationEvent = {
  type: 'MembershipAppliedFor',
  data: { organisationId, facts: tafel, minimumOperatingMonths: 12, appliedBy: 'representative-1' },
};
export const checks = [
  {
    checked: 'identity',
    evidence: { kind: 'register-extract' as const, reference: 'VR 15087, current extract', issuedOn: '2026-02-20' },
  },
];
export const verified: OrganisationEvent = {
  type: 'OrganisationVerified',
  data: { checks, verifiedBy: 'coordinator-1' },
};
export const admissionDecided: OrganisationEvent = {
  type: 'AdmissionDecided',
  data: { attempt: 1, decidedBy: 'coordinator-2' },
};
export const admitted: OrganisationEvent = {
  type: 'OrganisationAdmitted',
  data: { attempt: 1, organisationId, facts: tafel },
};
export const suspended: OrganisationEvent = {
  type: 'OrganisationSuspended',
  data: { reasonCode: 'report-overdue' },
};

/** The application of this organisation, with what differs. */
export function applicationOf(
  facts: Partial<Application['facts']> = {},
  more: Partial<Extract<OrganisationCommand, { type: 'ApplyForMembership' }>['data']> = {},
): OrganisationCommand {
  return {
    type: 'ApplyForMembership',
    data: { organisationId, facts: { ...tafel, ...facts }, minimumOperatingMonths: 12, ...more },
    context: context('representative-1'),
  };
}
