import type { CommandContext } from '@alliance/event-sourcing';
import type { Grounds } from './contact.decider';
import type { ContactEvent } from './contact.events';
import type { PersonalData } from './personal-data.vault';

/** What the specifications of this slice begin with. */
export const contactId = '0f0e0d0c-0b0a-4908-8706-050403020100';
export const organisationId = '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d';
export const otherOrganisationId = '8e1a4d2f-7a1b-4c9f-8e63-1d7b2a3c4d5e';

export function context(role: string, of?: string): CommandContext {
  return {
    commandId: '00000000-0000-4000-8000-000000000001',
    correlationId: 'spec',
    causationId: 'spec',
    actor: { subject: `${role}-1`, roles: [role], ...(of !== undefined && { organisationId: of }) },
    at: '2026-03-01T10:00:00.000Z',
  };
}

export const consent = { givenOn: '2026-02-20', evidence: 'consents/2026/0017' };
export const grounds: Grounds = {
  purposes: ['coordination'],
  consent,
  permittedPurposes: ['coordination', 'payments'],
  reviewMonths: 24,
};
const holding = { purposes: ['coordination'], consent, reviewOn: '2028-03-01' };
export const recorded: ContactEvent = {
  type: 'ContactRecorded',
  data: { contactId, organisationId, ...holding },
};
export const revised: ContactEvent = { type: 'ContactRevised', data: { ...holding, purposes: ['payments'] } };
export const consentWithdrawn: ContactEvent = { type: 'ConsentWithdrawn', data: {} };
export const erasureDecided: ContactEvent = { type: 'ErasureDecided', data: { reason: 'requested' } };
export const erased: ContactEvent = {
  type: 'ContactErased',
  data: { reason: 'requested', erased: [{ table: 'personal_data', rows: 1 }] },
};

export const kaethe: PersonalData = {
  name: 'Käthe Größmann',
  email: 'kaethe.groessmann@example.org',
  phone: '+49 221 5550147',
  note: 'Nach 17 Uhr.',
};
