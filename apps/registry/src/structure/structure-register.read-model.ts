import type { GateTables } from '@alliance/double-structures';
import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { regionsAround } from '@alliance/region-keys';
import { assuranceEvents } from '../assurance/assurance.events';
import {
  AssuredRecord,
  freshnessAfter,
  type FreshnessColumns,
  isAssurance,
  UNASSURED,
} from '../assurance/record-freshness.read-model';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn, type SelectQueryBuilder } from 'typeorm';
import { recordedFieldKeys } from '../field-of-action/field-of-action-list.read-model';
import { mergedWith, survivorsOf } from '../organisation/survivors.read-model';
import {
  type DataOf,
  type GateFinding,
  type StructureEvent,
  structureEvents,
  type StructureFacts,
} from './structure.events';

export const registerStages = ['proposed', 'recorded', 'confirmed', 'ended', 'withdrawn'] as const;
export type RegisterStage = (typeof registerStages)[number];
/** What everyone in the alliance may see; the others never came to be. */
const PUBLIC_STAGES: readonly RegisterStage[] = ['recorded', 'confirmed', 'ended'];

/** What a revision would make of it, and why it waits. */
export interface ProposedRevision {
  readonly facts: StructureFacts;
  readonly gate: GateFinding;
  readonly reason?: string;
}

/** A structure as the register shows it. */
@Entity('structure')
export class RegisteredStructure extends AssuredRecord {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text')
  readonly name: string;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { name: 'region_keys', array: true })
  readonly regionKeys: readonly string[];
  /** Its regions and every key that can contain one of them. */
  @Column('text', { name: 'within_keys', array: true, select: false })
  readonly withinKeys: readonly string[];
  @Column('text', { name: 'target_groups', array: true })
  readonly targetGroups: readonly string[];
  @Column('text')
  readonly service: string;
  @Column('date', { name: 'operating_since' })
  readonly operatingSince: string;
  @Column('integer', { name: 'capacity_quantity', nullable: true })
  readonly capacityQuantity: number | null;
  @Column('text', { name: 'capacity_unit', nullable: true })
  readonly capacityUnit: string | null;
  @Column('timestamptz', { name: 'capacity_assured_at', nullable: true })
  readonly capacityAssuredAt: Date | null;
  @Column('text')
  readonly stage: RegisterStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  /** What the gate found when the present facts were said. */
  @Column('jsonb')
  readonly gate: GateFinding;
  @Column('text', { nullable: true })
  readonly reason: string | null;
  @Column('jsonb', { name: 'proposed_revision', nullable: true })
  readonly proposedRevision: ProposedRevision | null;
  @Column('text', { name: 'recorded_by', select: false })
  readonly recordedBy: string;
  @Column('timestamptz', { name: 'recorded_at' })
  readonly recordedAt: Date;
  /** Of the last event that the entry knows. */
  @Column('bigint')
  readonly revision: string;
}

/** Where the gate against double structures looks. */
export const gateTables: GateTables = {
  structures: 'structure',
  fields: 'field_of_action',
  regions: 'region',
  survivors: survivorsOf,
};

/** The table's row, by its columns. */
interface StructureRow extends FreshnessColumns {
  readonly id: string;
  readonly organisation_id: string;
  readonly name: string;
  readonly field_keys: readonly string[];
  readonly region_keys: readonly string[];
  readonly within_keys: readonly string[];
  readonly target_groups: readonly string[];
  readonly service: string;
  readonly operating_since: string;
  readonly capacity_quantity: number | null;
  readonly capacity_unit: string | null;
  readonly capacity_assured_at: string | null;
  readonly stage: RegisterStage;
  readonly stage_since: string;
  readonly gate: GateFinding;
  readonly reason: string | null;
  readonly proposed_revision: ProposedRevision | null;
  readonly recorded_by: string;
  readonly recorded_at: string;
  readonly revision: number;
}

const fold: RowFold<StructureRow> = {
  table: 'structure',
  keyColumn: 'id',
  keyOf: (event) => (isAssurance(event) ? assuranceEvents : structureEvents).category.idOf(event.streamName),
  evolve(row, recorded) {
    // Of organisations there is no row here.
    if (isAssurance(recorded)) return row && { ...row, ...freshnessAfter(row.assured_facts, recorded) };
    const event = recorded as RecordedEvent & StructureEvent;
    const at = event.metadata.occurredAt;
    if (event.type === 'StructureProposed') return firstRow('proposed', event.data, at);
    if (event.type === 'StructureRecorded') {
      return { ...firstRow('recorded', event.data, at), revision: Number(event.revision) };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a structure.`);
    return { ...row, ...change(row, event, at), revision: Number(event.revision) };
  },
};

function change(
  row: StructureRow,
  event: Exclude<StructureEvent, { type: 'StructureProposed' | 'StructureRecorded' }>,
  at: string,
): Partial<StructureRow> {
  switch (event.type) {
    case 'StructureConfirmed':
      return { stage: 'confirmed', stage_since: at };
    case 'RevisionProposed': {
      const { facts, gate, reason } = event.data;
      return { proposed_revision: { facts, gate, reason } };
    }
    case 'StructureRevised': {
      const { facts, gate, reason = null } = event.data;
      const since = row.stage === 'recorded' ? row.stage_since : at;
      return { ...factColumns(facts), gate, reason, proposed_revision: null, stage: 'recorded', stage_since: since };
    }
    case 'ProposalWithdrawn':
      return row.stage === 'proposed' ? { stage: 'withdrawn', stage_since: at } : { proposed_revision: null };
    case 'CapacityAssured':
      return capacityColumns(event.data.capacity);
    case 'StructureEnded':
      return { stage: 'ended', stage_since: at, proposed_revision: null };
    default:
      return event satisfies never;
  }
}

function firstRow(stage: RegisterStage, data: DataOf<'StructureProposed'>, at: string): StructureRow {
  return {
    id: data.structureId,
    organisation_id: data.organisationId,
    ...factColumns(data.facts),
    ...capacityColumns(data.capacity),
    ...UNASSURED,
    stage,
    stage_since: at,
    gate: data.gate,
    reason: data.reason ?? null,
    proposed_revision: null,
    recorded_by: data.recordedBy,
    recorded_at: at,
    revision: 0,
  };
}

function factColumns({ name, fieldKeys, regionKeys, targetGroups, service, operatingSince }: StructureFacts) {
  return {
    name,
    field_keys: fieldKeys,
    region_keys: regionKeys,
    within_keys: regionsAround(regionKeys),
    target_groups: targetGroups,
    service,
    operating_since: operatingSince,
  };
}

function capacityColumns(capacity: DataOf<'StructureRecorded'>['capacity']) {
  return {
    capacity_quantity: capacity?.quantity ?? null,
    capacity_unit: capacity?.unit ?? null,
    capacity_assured_at: capacity?.assuredAt ?? null,
  };
}

export const structureRegister: Projection = {
  name: 'structure-register',
  tables: ['structure'],
  catalogues: [structureEvents, assuranceEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

export interface RegisterQuery {
  readonly stage?: RegisterStage;
  /** An organisation; also what was recorded for those that were merged into it. */
  readonly organisation?: string;
  /** A field of action; also what was recorded under the fields whose place it took. */
  readonly field?: string;
  /** A region; structures that work anywhere in it. */
  readonly within?: string;
  readonly targetGroup?: string;
  readonly service?: string;
  /** Whether one of its facts is marked stale. */
  readonly stale?: boolean;
  /** By `assuredAt`: only those of which facts are kept. */
  readonly order: readonly {
    readonly field: 'name' | 'stageSince' | 'recordedAt' | 'operatingSince' | 'assuredAt';
    readonly direction: 'ascending' | 'descending';
  }[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of what the actor may see, by name unless another order is asked for. */
export async function findStructures(
  tx: EntityManager,
  query: RegisterQuery,
  actor: Actor,
): Promise<{ readonly items: readonly RegisteredStructure[]; readonly nextCursor?: string }> {
  const found = await visibleTo(actor, tx);
  if (query.stage !== undefined) found.andWhere('structure.stage = :stage', query);
  if (query.organisation !== undefined) {
    const of = await mergedWith(tx, query.organisation);
    found.andWhere('structure.organisationId = ANY (:of)', { of });
  }
  if (query.field !== undefined) {
    const keys = await recordedFieldKeys(tx, query.field);
    found.andWhere('structure.fieldKeys && ARRAY[:...keys]', { keys });
  }
  if (query.within !== undefined) found.andWhere('structure.withinKeys @> ARRAY[:within]', query);
  if (query.targetGroup !== undefined) found.andWhere('structure.targetGroups @> ARRAY[:targetGroup]', query);
  if (query.stale !== undefined) found.andWhere(`structure.staleSince IS ${query.stale ? 'NOT NULL' : 'NULL'}`);
  if (query.order.some(({ field }) => field === 'assuredAt')) found.andWhere('structure.assuredAt IS NOT NULL');
  if (query.service !== undefined) found.andWhere('structure.service = :service', query);
  const order = query.order.length > 0 ? query.order : [{ field: 'name', direction: 'ascending' } as const];
  return keysetPage(found, { order, key: 'id', limit: query.limit, cursor: query.cursor });
}

/** The structure, if there is one that the actor may see. */
export async function findStructure(
  database: DataSource,
  id: string,
  actor: Actor,
): Promise<RegisteredStructure | undefined> {
  const visible = await visibleTo(actor, database.manager);
  return (await visible.andWhere('structure.id = :id', { id }).getOne()) ?? undefined;
}

/** Coordinators and auditors see all; everyone else what holds or held, and the proposals of their own organisation. */
async function visibleTo(actor: Actor, tx: EntityManager): Promise<SelectQueryBuilder<RegisteredStructure>> {
  const structures = tx.createQueryBuilder(RegisteredStructure, 'structure').where('true');
  if (actor.roles.includes('coordinator') || actor.roles.includes('auditor')) return structures;
  const own = actor.organisationId === undefined ? [] : await mergedWith(tx, actor.organisationId);
  return structures.andWhere('(structure.stage IN (:...shown) OR structure.organisationId = ANY (:own))', {
    shown: PUBLIC_STAGES,
    own,
  });
}
