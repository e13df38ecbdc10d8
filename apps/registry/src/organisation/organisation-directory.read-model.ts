import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type Projection, type RowFold } from '@alliance/read-models';
import { assuranceEvents } from '../assurance/assurance.events';
import {
  AssuredRecord,
  freshnessAfter,
  type FreshnessColumns,
  isAssurance,
  UNASSURED,
} from '../assurance/record-freshness.read-model';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Identifier, registrationKey, transliterate } from '../identifier';
import {
  type Address,
  type OrganisationEvent,
  organisationEvents,
  type OrganisationFacts,
  type OrganisationKind,
} from './organisation.events';

export const directoryStages = [
  'applied',
  'information-requested',
  'verified',
  'admitting',
  'admitted',
  'suspended',
  'refused',
  'left',
  'merged',
] as const;
export type DirectoryStage = (typeof directoryStages)[number];
/** An organisation as the directory shows it. */
@Entity('organisation')
export class DirectoryEntry extends AssuredRecord {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly name: string;
  @Column('text', { name: 'search_name', select: false })
  readonly searchName: string;
  @Column('text')
  readonly kind: OrganisationKind;
  @Column('text', { name: 'legal_form', nullable: true })
  readonly legalForm: string | null;
  @Column('text')
  readonly stage: DirectoryStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  @Column('text', { name: 'region_key', nullable: true })
  readonly regionKey: string | null;
  @Column('date', { name: 'operating_since' })
  readonly operatingSince: string;
  @Column('jsonb')
  readonly identifiers: readonly Identifier[];
  @Column('text', { name: 'registration_keys', array: true, select: false })
  readonly registrationKeys: readonly string[];
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { nullable: true })
  readonly website: string | null;
  @Column('jsonb', { nullable: true })
  readonly address: Address | null;
  /** The organisation that it belongs to, as it was named; that one may be merged since. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  readonly parentId: string | null;
  /** The organisation that this one counts as since a merge; it may itself be merged into a third. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  readonly mergedInto: string | null;
  /** What it was before it was merged. */
  @Column('text', { name: 'merged_from_stage', nullable: true, select: false })
  readonly mergedFromStage: DirectoryStage | null;
  @Column('text', { name: 'applied_by', select: false })
  readonly appliedBy: string;
  @Column('timestamptz', { name: 'applied_at' })
  readonly appliedAt: Date;
  /** Of the last event that the entry knows. */
  @Column('bigint')
  readonly revision: string;
}

/** The table's row, by its columns. */
interface DirectoryRow extends FreshnessColumns {
  readonly id: string;
  readonly name: string;
  readonly search_name: string;
  readonly kind: OrganisationKind;
  readonly legal_form: string | null;
  readonly stage: DirectoryStage;
  readonly stage_since: string;
  readonly region_key: string | null;
  readonly operating_since: string;
  readonly identifiers: readonly Identifier[];
  readonly registration_keys: readonly string[];
  readonly field_keys: readonly string[];
  readonly website: string | null;
  readonly address: Address | null;
  readonly parent_id: string | null;
  readonly merged_into: string | null;
  readonly merged_from_stage: DirectoryStage | null;
  readonly applied_by: string;
  readonly applied_at: string;
  readonly revision: number;
}

/** Of the events that change nothing but the stage; `undefined` for those that do not change it either. */
const STAGE_AFTER = {
  InformationRequested: 'information-requested',
  InformationProvided: 'applied',
  OrganisationVerified: 'verified',
  AdmissionDecided: 'admitting',
  AdmissionBlocked: 'verified',
  OrganisationAdmitted: 'admitted',
  MembershipRefused: 'refused',
  OrganisationSuspended: 'suspended',
  OrganisationReinstated: 'admitted',
  OrganisationLeft: 'left',
  OrganisationMerged: 'merged',
  // Nobody sees a merge before it is complete.
  MergeDecided: undefined,
  MergeBlocked: undefined,
  OrganisationAbsorbed: undefined,
  AbsorptionDeclined: undefined,
  AbsorptionUndone: undefined,
} as const satisfies Record<
  Exclude<OrganisationEvent['type'], 'MembershipAppliedFor' | 'MergeUndone'>,
  DirectoryStage | undefined
>;

const fold: RowFold<DirectoryRow> = {
  table: 'organisation',
  keyColumn: 'id',
  keyOf: (event) => (isAssurance(event) ? assuranceEvents : organisationEvents).category.idOf(event.streamName),
  evolve(row, recorded) {
    // Of structures there is no row here.
    if (isAssurance(recorded)) return row && { ...row, ...freshnessAfter(row.assured_facts, recorded) };
    const event = recorded as RecordedEvent & OrganisationEvent;
    const revision = Number(event.revision);
    const { occurredAt } = event.metadata;
    if (event.type === 'MembershipAppliedFor') return firstRow(event.data, occurredAt);
    if (row === undefined) throw new Error(`${event.streamName} does not begin with an application.`);
    const stage = event.type === 'MergeUndone' ? event.data.toStage : (STAGE_AFTER[event.type] ?? row.stage);
    const next = { ...row, stage, stage_since: stage === row.stage ? row.stage_since : occurredAt, revision };
    switch (event.type) {
      case 'InformationProvided': {
        const { identifiers = row.identifiers } = event.data;
        return { ...next, identifiers, registration_keys: identifiers.map(registrationKey) };
      }
      case 'OrganisationMerged': {
        const { intoOrganisationId, fromStage } = event.data;
        return { ...next, merged_into: intoOrganisationId, merged_from_stage: fromStage };
      }
      case 'MergeUndone':
        return { ...next, merged_into: null, merged_from_stage: null };
      case 'OrganisationAbsorbed':
      case 'AbsorptionUndone':
        return { ...next, ...factColumns(event.data.facts) };
      default:
        return next;
    }
  },
};

type AppliedFor = Extract<OrganisationEvent, { type: 'MembershipAppliedFor' }>['data'];

function firstRow({ organisationId, facts, appliedBy }: AppliedFor, at: string): DirectoryRow {
  return {
    id: organisationId,
    ...factColumns(facts),
    ...UNASSURED,
    stage: 'applied',
    stage_since: at,
    merged_into: null,
    merged_from_stage: null,
    applied_by: appliedBy,
    applied_at: at,
    revision: 0,
  };
}

function factColumns(facts: OrganisationFacts) {
  return {
    name: facts.name,
    search_name: searchName(facts.name),
    kind: facts.kind,
    legal_form: facts.legalForm ?? null,
    region_key: facts.regionKey ?? null,
    operating_since: facts.operatingSince,
    identifiers: facts.identifiers,
    registration_keys: facts.identifiers.map(registrationKey),
    field_keys: facts.fieldKeys,
    website: facts.website ?? null,
    address: facts.address ?? null,
    parent_id: facts.parentOrganisationId ?? null,
  };
}

/** Words in one spelling, so that "Muenchen", "MÜNCHEN" and "München" find each other. */
export function searchName(name: string): string {
  return transliterate(name)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export const organisationDirectory: Projection = {
  name: 'organisation-directory',
  tables: ['organisation'],
  catalogues: [organisationEvents, assuranceEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};
