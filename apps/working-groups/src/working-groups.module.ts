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

/** A group for each field of action (Handlungsfeld). */
export const workingGroups: ServiceDefinition = {
  name: 'working-groups',
  settings: GateSettings,
  slices: [KnownOrganisationsModule, DoubleStructuresModule],
  projections: [],
  publishers: [],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [KnownOrganisation, ...knownStructureEntities],
  migrations: [...knownOrganisationMigrations, ...knownStructureMigrations],
};
