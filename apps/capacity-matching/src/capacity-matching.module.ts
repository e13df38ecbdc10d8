import {
  KnownOrganisation,
  knownOrganisationContracts,
  knownOrganisationMigrations,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';

/** Brings the time of supporting actors to overloaded helping organisations, by need. */
export const capacityMatching: ServiceDefinition = {
  name: 'capacity-matching',
  slices: [KnownOrganisationsModule],
  projections: [],
  publishers: [],
  consumes: knownOrganisationContracts,
  entities: [KnownOrganisation],
  migrations: knownOrganisationMigrations,
};
