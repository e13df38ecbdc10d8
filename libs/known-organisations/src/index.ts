export {
  findSurvivors,
  idsCountingAs,
  KnownOrganisation,
  knownOrganisationContracts,
} from './known-organisation.read-model';
export { KnownOrganisationsModule } from './known-organisations.module';
export { knownOrganisationMigrations } from './migrations';
