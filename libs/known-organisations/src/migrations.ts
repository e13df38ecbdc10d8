import type { Migration } from '@alliance/read-models';
import { CreateKnownOrganisation1764000000001 } from './create-known-organisation';
import { DescribeKnownOrganisations1764001100001 } from './describe-known-organisations';
import { MergeKnownOrganisations1764000300001 } from './merge-known-organisations';

/** For the migrations of a service that keeps this read model. */
export const knownOrganisationMigrations: readonly Migration[] = [
  CreateKnownOrganisation1764000000001,
  MergeKnownOrganisations1764000300001,
  DescribeKnownOrganisations1764001100001,
];
