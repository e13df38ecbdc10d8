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
  slices: [KnownOrganisationsModule],
  projections: [],
  publishers: [],
  consumes: knownOrganisationContracts,
  entities: [KnownOrganisation],
  migrations: [CreateKnownOrganisation1764000000001],
};
