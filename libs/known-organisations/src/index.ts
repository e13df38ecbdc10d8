export { CreateKnownOrganisation1764000000001 } from './create-known-organisation';
export { KnownOrganisation, knownOrganisationContracts } from './known-organisation.read-model';
export { KnownOrganisationsModule } from './known-organisations.module';
