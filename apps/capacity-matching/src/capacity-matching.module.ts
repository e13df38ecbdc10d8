import {
  KnownOrganisation,
  knownOrganisationContracts,
  knownOrganisationMigrations,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';
import { CreateVocabulary1765006000000 } from '../migrations/1765006000000-create-vocabulary';
import { allocationContracts, publishAllocation } from './allocation/allocation.contract';
import { allocationEvents } from './allocation/allocation.events';
import { MatchingSettings } from './capacity-matching.config';
import { needContracts, publishNeed } from './need/need.contract';
import { needEvents } from './need/need.events';
import { offerContracts, publishOffer } from './offer/offer.contract';
import { offerEvents } from './offer/offer.events';
import { skillList, SkillRow } from './skill/skill-list.read-model';
import { SkillModule } from './skill/skill.module';
import { knownPlaceAndFieldContracts, knownPlaceAndFieldEntities } from './vocabulary/known-place-and-field.read-model';
import { VocabularyModule } from './vocabulary/vocabulary.module';

/** Brings the time of supporting actors to overloaded helping organisations, by need. */
export const capacityMatching: ServiceDefinition = {
  name: 'capacity-matching',
  settings: MatchingSettings,
  slices: [KnownOrganisationsModule, VocabularyModule, SkillModule],
  projections: [skillList],
  publishers: [
    { catalogue: offerEvents, contracts: offerContracts, publish: publishOffer },
    { catalogue: needEvents, contracts: needContracts, publish: publishNeed },
    { catalogue: allocationEvents, contracts: allocationContracts, publish: publishAllocation },
  ],
  consumes: [...knownOrganisationContracts, ...knownPlaceAndFieldContracts],
  entities: [KnownOrganisation, ...knownPlaceAndFieldEntities, SkillRow],
  migrations: [...knownOrganisationMigrations, CreateVocabulary1765006000000],
};
