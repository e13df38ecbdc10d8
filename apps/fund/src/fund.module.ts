import {
  DoubleStructuresModule,
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
import { FundSettings } from './fund.config';

/** Gives seed and bridge finance (Anschubfinanzierung). */
export const fund: ServiceDefinition = {
  name: 'fund',
  settings: FundSettings,
  slices: [KnownOrganisationsModule, DoubleStructuresModule],
  projections: [],
  publishers: [],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [KnownOrganisation, ...knownStructureEntities],
  migrations: [...knownOrganisationMigrations, ...knownStructureMigrations],
};
