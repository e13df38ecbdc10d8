import type { ServiceDefinition } from '@alliance/service-host';
import { CreateReadModels1764000000000 } from '../migrations/1764000000000-create-read-models';
import { CreateStructureRegister1764000100000 } from '../migrations/1764000100000-create-structure-register';
import { AddAddressOfOrganisations1764000200000 } from '../migrations/1764000200000-add-address-of-organisations';
import { MergeOrganisations1764000300000 } from '../migrations/1764000300000-merge-organisations';
import { MergedFingerprints1764000310000 } from '../migrations/1764000310000-merged-fingerprints';
import { CreateAssuredFact1764000400000 } from '../migrations/1764000400000-create-assured-fact';
import { CreateOrganisationImport1764000410000 } from '../migrations/1764000410000-create-organisation-import';
import { CreateDuplicateCandidates1764000200001 } from '../migrations/1764000200001-create-duplicate-candidates';
import { FieldSuccessors1764000600000 } from '../migrations/1764000600000-field-successors';
import { CreateContacts1764000500000 } from '../migrations/1764000500000-create-contacts';
import { ShowFreshnessOfRecords1764000510000 } from '../migrations/1764000510000-show-freshness-of-records';
import { ContactModule } from './contact/contact.module';
import { contactList, ContactRow } from './contact/contact-list.read-model';
import { erasureReactor } from './contact/erasure.reactor';
import { PersonalDataReadRow, personalDataReads } from './contact/personal-data-reads.read-model';
import { retentionSchedule } from './contact/retention.reactor';
import { assuranceContracts, publishAssurance } from './assurance/assurance.contract';
import { assuranceEvents } from './assurance/assurance.events';
import { AssuranceModule } from './assurance/assurance.module';
import { assuranceReactor, freshnessSchedule } from './assurance/assurance.reactor';
import { AssuredFact, assuredFacts } from './assurance/assured-facts.read-model';
import { TerritoryVersion1764000610000 } from '../migrations/1764000610000-territory-version';
import { CreatePresence1764000620000 } from '../migrations/1764000620000-create-presence';
import { FollowMergesInPresence1764000700000 } from '../migrations/1764000700000-follow-merges-in-presence';
import { RememberDeparturesInPresence1764000810000 } from '../migrations/1764000810000-remember-departures-in-presence';
import { AddParentOfOrganisations1764001100000 } from '../migrations/1764001100000-add-parent-of-organisations';
import { DuplicateCandidateModule } from './duplicate-candidate/duplicate-candidate.module';
import {
  duplicateCandidateList,
  DuplicateCandidateRow,
} from './duplicate-candidate/duplicate-candidate-list.read-model';
import { duplicateDetection } from './duplicate-candidate/duplicate-detection.reactor';
import { fingerprintIndex } from './duplicate-candidate/fingerprint-index.read-model';
import { fieldOfActionContracts, publishFieldOfAction } from './field-of-action/field-of-action.contract';
import { fieldOfActionEvents } from './field-of-action/field-of-action.events';
import { FieldOfActionModule } from './field-of-action/field-of-action.module';
import { fieldOfActionList, FieldOfActionRow } from './field-of-action/field-of-action-list.read-model';
import { fieldSuccessionReactor } from './field-of-action/field-succession.reactor';
import { admissionReactor } from './organisation/admission.reactor';
import { mergeReactor } from './organisation/merge.reactor';
import { organisationImportReactor } from './organisation/organisation-import.reactor';
import { ImportedRow, organisationImports } from './organisation/organisation-imports.read-model';
import { organisationContracts, publishOrganisation } from './organisation/organisation.contract';
import { organisationEvents } from './organisation/organisation.events';
import { OrganisationModule } from './organisation/organisation.module';
import { DirectoryEntry, organisationDirectory } from './organisation/organisation-directory.read-model';
import { PresenceModule } from './presence/presence.module';
import { presence, PresenceRow } from './presence/presence.read-model';
import { PendingPayment, pendingPaymentContracts } from './pending-payment/pending-payment.read-model';
import { PendingPaymentModule } from './pending-payment/pending-payment.module';
import { publishRegion, regionContracts } from './region/region.contract';
import { regionEvents } from './region/region.events';
import { RegionModule } from './region/region.module';
import { regionImportReactor } from './region/region-import.reactor';
import { regionMap, RegionRow } from './region/region-map.read-model';
import { RegistrySettings } from './registry.config';
import { publishStructure, structureContracts } from './structure/structure.contract';
import { structureEvents } from './structure/structure.events';
import { StructureModule } from './structure/structure.module';
import { RegisteredStructure, structureRegister } from './structure/structure-register.read-model';

/** Who is in the alliance and who speaks for them, the regions, and the fields of action. */
export const registry: ServiceDefinition = {
  name: 'registry',
  settings: RegistrySettings,
  slices: [
    OrganisationModule,
    RegionModule,
    FieldOfActionModule,
    StructureModule,
    ContactModule,
    AssuranceModule,
    PresenceModule,
    DuplicateCandidateModule,
    PendingPaymentModule,
  ],
  projections: [
    organisationDirectory,
    regionMap,
    fieldOfActionList,
    structureRegister,
    contactList,
    personalDataReads,
    assuredFacts,
    organisationImports,
    presence,
    fingerprintIndex,
    duplicateCandidateList,
  ],
  publishers: [
    { catalogue: organisationEvents, contracts: organisationContracts, publish: publishOrganisation },
    { catalogue: regionEvents, contracts: regionContracts, publish: publishRegion },
    { catalogue: fieldOfActionEvents, contracts: fieldOfActionContracts, publish: publishFieldOfAction },
    { catalogue: structureEvents, contracts: structureContracts, publish: publishStructure },
    { catalogue: assuranceEvents, contracts: assuranceContracts, publish: publishAssurance },
  ],
  reactors: [
    admissionReactor,
    regionImportReactor,
    fieldSuccessionReactor,
    erasureReactor,
    assuranceReactor,
    mergeReactor,
    organisationImportReactor,
    duplicateDetection,
  ],
  schedules: [freshnessSchedule, retentionSchedule],
  consumes: pendingPaymentContracts,
  entities: [
    DirectoryEntry,
    RegionRow,
    FieldOfActionRow,
    RegisteredStructure,
    ContactRow,
    PersonalDataReadRow,
    AssuredFact,
    ImportedRow,
    PresenceRow,
    DuplicateCandidateRow,
    PendingPayment,
  ],
  migrations: [
    CreateReadModels1764000000000,
    CreateStructureRegister1764000100000,
    AddAddressOfOrganisations1764000200000,
    CreateDuplicateCandidates1764000200001,
    MergeOrganisations1764000300000,
    MergedFingerprints1764000310000,
    FieldSuccessors1764000600000,
    CreateContacts1764000500000,
    CreateAssuredFact1764000400000,
    ShowFreshnessOfRecords1764000510000,
    CreateOrganisationImport1764000410000,
    TerritoryVersion1764000610000,
    CreatePresence1764000620000,
    FollowMergesInPresence1764000700000,
    RememberDeparturesInPresence1764000810000,
    AddParentOfOrganisations1764001100000,
  ],
};
