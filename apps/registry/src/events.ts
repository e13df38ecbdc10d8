export { assuranceEvents } from './assurance/assurance.events';
export { contactEvents } from './contact/contact.events';
export { duplicateCandidateEvents } from './duplicate-candidate/duplicate-candidate.events';
export { fieldOfActionEvents, fieldSuccessionEvents } from './field-of-action/field-of-action.events';
export { organisationEvents } from './organisation/organisation.events';
export { organisationImportEvents } from './organisation/organisation-import.events';
export { registrationEvents } from './organisation/registration.events';
export { regionEvents, regionImportEvents, territoryEvents } from './region/region.events';
export { structureEvents } from './structure/structure.events';
