import {
  DoubleStructuresModule,
  GateSettings,
  knownStructureContracts,
  knownStructureEntities,
  knownStructureMigrations,
} from '@alliance/double-structures';
import {
  KnownOrganisation,
  knownOrganisationContracts,
  knownOrganisationMigrations,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';

/** Gives seed and bridge finance (Anschubfinanzierung). */
export const fund: ServiceDefinition = {
  name: 'fund',
  settings: GateSettings,
  slices: [KnownOrganisationsModule, DoubleStructuresModule],
  projections: [],
  publishers: [],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [KnownOrganisation, ...knownStructureEntities],
  migrations: [...knownOrganisationMigrations, ...knownStructureMigrations],
};
