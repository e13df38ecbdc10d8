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
import { CreateGrantRegister1764001400000 } from '../migrations/1764001400000-create-grant-register';
import { CreatePotRegister1764001200000 } from '../migrations/1764001200000-create-pot-register';
import { CreateTrancheRegister1764001700000 } from '../migrations/1764001700000-create-tranche-register';
import { CreateCall1764001300000 } from '../migrations/1764001300000-create-call';
import { CreateReviewTask1764001600000 } from '../migrations/1764001600000-create-review-task';
import { CreateProofOfUse1764001800000 } from '../migrations/1764001800000-create-proof-of-use';
import { awardReactor } from './award.reactor';
import { callContracts, publishCall } from './call/call.contract';
import { callEvents } from './call/call.events';
import { callList, CallRow } from './call/call-list.read-model';
import { CallModule } from './call/call.module';
import { ExportsModule } from './exports/exports.module';
import { ConflictModule } from './conflict-of-interest/conflict.module';
import { FundSettings } from './fund.config';
import { grantContracts, publishGrant } from './grant/grant.contract';
import { grantEvents } from './grant/grant.events';
import { GrantModule } from './grant/grant.module';
import { HistoryModule } from './history/history.module';
import { GrantEntry, grantRegister } from './grant/grant-register.read-model';
import { PotModule } from './pot/pot.module';
import { PotEntry, potRegister, PotRow } from './pot/pot-register.read-model';
import { ProofModule } from './proof-of-use/proof.module';
import { AccountableGrant, GrantReport, proofRegister, Repayment } from './proof-of-use/proof-register.read-model';
import { RecipientStandingModule } from './recipient-standing/recipient-standing.module';
import { ReviewModule } from './review/review.module';
import { ReviewedGrant, ReviewTask, reviewTasks } from './review/review-task.read-model';
import { standingSchedule } from './recipient-standing/recipient-standing.reactor';
import { ReceiptRow } from './proof-of-use/receipts.vault';
import { receiptErasureReactor, receiptRetention } from './proof-of-use/receipt-erasure.reactor';
import { reportReminders } from './proof-of-use/report-reminders.reactor';
import { reportsDueReactor } from './proof-of-use/reports-due.reactor';
import { TrancheModule } from './tranche/tranche.module';
import { TrancheEntry, trancheRegister } from './tranche/tranche-register.read-model';
import { voidRequestsReactor } from './tranche/void-requests.reactor';

/** Gives seed and bridge finance (Anschubfinanzierung). */
export const fund: ServiceDefinition = {
  name: 'fund',
  settings: FundSettings,
  slices: [
    KnownOrganisationsModule,
    DoubleStructuresModule,
    PotModule,
    CallModule,
    GrantModule,
    HistoryModule,
    ConflictModule,
    ReviewModule,
    ProofModule,
    RecipientStandingModule,
    TrancheModule,
    ExportsModule,
  ],
  projections: [potRegister, callList, grantRegister, reviewTasks, proofRegister, trancheRegister],
  publishers: [
    { catalogue: callEvents, contracts: callContracts, publish: publishCall },
    { catalogue: grantEvents, contracts: grantContracts, publish: publishGrant },
  ],
  reactors: [awardReactor, reportsDueReactor, receiptErasureReactor, voidRequestsReactor],
  schedules: [reportReminders, receiptRetention, standingSchedule],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [
    KnownOrganisation,
    ...knownStructureEntities,
    PotRow,
    PotEntry,
    GrantEntry,
    ReviewTask,
    ReviewedGrant,
    CallRow,
    AccountableGrant,
    GrantReport,
    Repayment,
    ReceiptRow,
    TrancheEntry,
  ],
  migrations: [
    ...knownOrganisationMigrations,
    ...knownStructureMigrations,
    CreatePotRegister1764001200000,
    CreateGrantRegister1764001400000,
    CreateTrancheRegister1764001700000,
    CreateCall1764001300000,
    CreateReviewTask1764001600000,
    CreateProofOfUse1764001800000,
  ],
};
