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
import { CreatePotRegister1764001200000 } from '../migrations/1764001200000-create-pot-register';
import { FundSettings } from './fund.config';
import { grantContracts, publishGrant } from './grant/grant.contract';
import { grantEvents } from './grant/grant.events';
import { PotModule } from './pot/pot.module';
import { PotEntry, potRegister, PotRow } from './pot/pot-register.read-model';
import { reportsDueReactor } from './proof-of-use/reports-due.reactor';

/** Gives seed and bridge finance (Anschubfinanzierung). */
export const fund: ServiceDefinition = {
  name: 'fund',
  settings: FundSettings,
  slices: [KnownOrganisationsModule, DoubleStructuresModule, PotModule],
  projections: [potRegister],
  publishers: [{ catalogue: grantEvents, contracts: grantContracts, publish: publishGrant }],
  reactors: [reportsDueReactor],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [KnownOrganisation, ...knownStructureEntities, PotRow, PotEntry],
  migrations: [...knownOrganisationMigrations, ...knownStructureMigrations, CreatePotRegister1764001200000],
};
