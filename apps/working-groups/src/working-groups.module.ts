import {
  CreateKnownStructure1764000100001,
  DoubleStructuresModule,
  GateSettings,
  KnownRegion,
  KnownStructure,
  knownStructureContracts,
} from '@alliance/double-structures';
import {
  CreateKnownOrganisation1764000000001,
  KnownOrganisation,
  knownOrganisationContracts,
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
  entities: [KnownOrganisation, KnownStructure, KnownRegion],
  migrations: [CreateKnownOrganisation1764000000001, CreateKnownStructure1764000100001],
};
