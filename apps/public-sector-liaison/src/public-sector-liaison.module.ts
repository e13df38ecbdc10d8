import {
  KnownOrganisation,
  knownOrganisationContracts,
  knownOrganisationMigrations,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';

/** The interface of civil society to the state, on all its levels. */
export const publicSectorLiaison: ServiceDefinition = {
  name: 'public-sector-liaison',
  slices: [KnownOrganisationsModule],
  projections: [],
  publishers: [],
  consumes: knownOrganisationContracts,
  entities: [KnownOrganisation],
  migrations: knownOrganisationMigrations,
};
