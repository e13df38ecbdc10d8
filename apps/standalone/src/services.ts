import { capacityMatching } from '@alliance/capacity-matching';
import { fund } from '@alliance/fund';
import { publicSectorLiaison } from '@alliance/public-sector-liaison';
import { registry } from '@alliance/registry';
import type { ServiceDefinition } from '@alliance/service-host';
import { workingGroups } from '@alliance/working-groups';

export const services: readonly ServiceDefinition[] = [
  registry,
  capacityMatching,
  fund,
  workingGroups,
  publicSectorLiaison,
];
