import {
  KnownOrganisation,
  knownOrganisationContracts,
  knownOrganisationMigrations,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import type { ServiceDefinition } from '@alliance/service-host';
import { CreateOffer1765001000000 } from '../migrations/1765001000000-create-offer';
import { CreateAllocation1765003000000 } from '../migrations/1765003000000-create-allocation';
import { CreateCommitment1765005100000 } from '../migrations/1765005100000-create-commitment';
import { CreateMatchingRound1765004000000 } from '../migrations/1765004000000-create-matching-round';
import { CreateNeed1765002000000 } from '../migrations/1765002000000-create-need';
import { CreateShortage1765005000000 } from '../migrations/1765005000000-create-shortage';
import { CreateVocabulary1765006000000 } from '../migrations/1765006000000-create-vocabulary';
import { CountWhatWasPromised1765007000000 } from '../migrations/1765007000000-count-what-was-promised';
import { HoursReportedForNeeds1765007100000 } from '../migrations/1765007100000-hours-reported-for-needs';
import { CreateDeliveredWeek1765007200000 } from '../migrations/1765007200000-create-delivered-week';
import { LeaveProposalsOut1765008000000 } from '../migrations/1765008000000-leave-proposals-out';
import { allocationContracts, publishAllocation } from './allocation/allocation.contract';
import { allocationEvents } from './allocation/allocation.events';
import { AllocationModule } from './allocation/allocation.module';
import { allocationExpiry } from './allocation/allocation-expiry.reactor';
import { Allocation, allocationRegister, DeliveredWeek } from './allocation/allocation-register.read-model';
import { allocationReactor } from './allocation.reactor';
import { MatchingSettings } from './capacity-matching.config';
import { closedNeedReactor } from './closed-need.reactor';
import { FiguresModule } from './figures/figures.module';
import { NeedsServed } from './figures/needs-served.read-model';
import { MatchingRoundModule } from './matching-round/matching-round.module';
import {
  MatchingRoundRow,
  RoundProposal,
  roundRegister,
  RoundUnservedNeed,
} from './matching-round/round-register.read-model';
import { needRegister, NeedRow, NeedSupply } from './need/need-register.read-model';
import { NeedModule } from './need/need.module';
import { pastNeedsSchedule } from './need/past-needs.reactor';
import { matchingRoundContracts, publishMatchingRound } from './matching-round/matching-round.contract';
import { matchingRoundEvents } from './matching-round/matching-round.events';
import { needContracts, publishNeed } from './need/need.contract';
import { needEvents } from './need/need.events';
import { offerRegister, OfferRow, OfferWeek } from './offer/offer-register.read-model';
import { OfferModule } from './offer/offer.module';
import { offerFreshness } from './offer/offer-freshness.reactor';
import { offerContracts, publishOffer } from './offer/offer.contract';
import { offerEvents } from './offer/offer.events';
import { Commitment, commitments } from './organisation-standing/commitment.read-model';
import { OrganisationStandingModule } from './organisation-standing.module';
import { standingSchedule } from './organisation-standing.reactor';
import { roundProposalsReactor } from './round-proposals.reactor';
import { RoundsLeftBehindModule } from './rounds-left-behind.module';
import { RoundsLeftBehind } from './rounds-left-behind.reactor';
import { ShortageModule } from './shortage/shortage.module';
import { shortageContracts } from './shortage/shortage.reactor';
import { Shortage, shortageList } from './shortage/shortage.read-model';
import { skillList, SkillRow } from './skill/skill-list.read-model';
import { SkillModule } from './skill/skill.module';
import { knownPlaceAndFieldContracts, knownPlaceAndFieldEntities } from './vocabulary/known-place-and-field.read-model';
import { VocabularyModule } from './vocabulary/vocabulary.module';

/** Brings the time of supporting actors to overloaded helping organisations, by need. */
export const capacityMatching: ServiceDefinition = {
  name: 'capacity-matching',
  settings: MatchingSettings,
  slices: [
    KnownOrganisationsModule,
    VocabularyModule,
    SkillModule,
    ShortageModule,
    OfferModule,
    NeedModule,
    MatchingRoundModule,
    RoundsLeftBehindModule,
    AllocationModule,
    OrganisationStandingModule,
    FiguresModule,
  ],
  projections: [skillList, shortageList, offerRegister, needRegister, allocationRegister, commitments, roundRegister],
  publishers: [
    { catalogue: offerEvents, contracts: offerContracts, publish: publishOffer },
    { catalogue: needEvents, contracts: needContracts, publish: publishNeed },
    { catalogue: allocationEvents, contracts: allocationContracts, publish: publishAllocation },
    { catalogue: matchingRoundEvents, contracts: matchingRoundContracts, publish: publishMatchingRound },
  ],
  reactors: [allocationReactor, closedNeedReactor, roundProposalsReactor],
  schedules: [offerFreshness, pastNeedsSchedule, allocationExpiry, standingSchedule, RoundsLeftBehind],
  consumes: [...knownOrganisationContracts, ...knownPlaceAndFieldContracts, ...shortageContracts],
  entities: [
    KnownOrganisation,
    ...knownPlaceAndFieldEntities,
    SkillRow,
    Shortage,
    OfferRow,
    OfferWeek,
    NeedRow,
    NeedSupply,
    NeedsServed,
    MatchingRoundRow,
    RoundProposal,
    RoundUnservedNeed,
    Allocation,
    DeliveredWeek,
    Commitment,
  ],
  migrations: [
    ...knownOrganisationMigrations,
    CreateOffer1765001000000,
    CreateNeed1765002000000,
    CreateMatchingRound1765004000000,
    CreateAllocation1765003000000,
    CreateShortage1765005000000,
    CreateCommitment1765005100000,
    CreateVocabulary1765006000000,
    CountWhatWasPromised1765007000000,
    HoursReportedForNeeds1765007100000,
    CreateDeliveredWeek1765007200000,
    LeaveProposalsOut1765008000000,
  ],
};
