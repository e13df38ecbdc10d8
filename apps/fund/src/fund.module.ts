import {
  CreateKnownOrganisation1764000000001,
  KnownOrganisation,
  knownOrganisationContracts,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';

/** Gives seed and bridge finance (Anschubfinanzierung). */
export const fund: ServiceDefinition = {
  name: 'fund',
  slices: [KnownOrganisationsModule],
  projections: [],
  publishers: [],
  consumes: knownOrganisationContracts,
  entities: [KnownOrganisation],
  migrations: [CreateKnownOrganisation1764000000001],
};
