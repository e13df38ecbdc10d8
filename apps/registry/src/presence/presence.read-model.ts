import { dayOf } from '@alliance/calendar';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { keysetPage, type Projection, upsertRows } from '@alliance/read-models';
import { regionLadder } from '@alliance/region-keys';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { recordedFieldKeys } from '../field-of-action/field-of-action-list.read-model';
import { type OrganisationEvent, organisationEvents, type OrganisationKind } from '../organisation/organisation.events';
import { type StructureEvent, structureEvents, type StructureFacts } from '../structure/structure.events';

export const presenceStatuses = ['recorded', 'confirmed', 'ended'] as const;
export type PresenceStatus = (typeof presenceStatuses)[number];

/** One organisation does one thing in one field of action and one region, from a day on and perhaps until another. */
@Entity('presence')
export class PresenceRow {
  @PrimaryColumn('text')
  readonly id: string;
  @Column('uuid', { name: 'structure_id' })
  readonly structureId: string;
  @Column('text', { name: 'structure_name' })
  readonly structureName: string;
  /** For which its structure was recorded. */
  @Column('uuid', { name: 'recorded_for', select: false })
  readonly recordedFor: string;
  /** Whose it is now: that one or, after merges, the surviving one. */
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text', { name: 'organisation_name' })
  readonly organisationName: string;
  @Column('text', { name: 'organisation_kind' })
  readonly organisationKind: OrganisationKind;
  /** As it was recorded; others may have taken its place since. */
  @Column('text', { name: 'field_key' })
  readonly fieldKey: string;
  @Column('text')
  readonly service: string;
  @Column('text', { name: 'target_groups', array: true })
  readonly targetGroups: readonly string[];
  @Column('text', { name: 'region_key' })
  readonly regionKey: string;
  /** The region and every key that can contain it. */
  @Column('text', { name: 'within_keys', array: true, select: false })
  readonly withinKeys: readonly string[];
  @Column('date', { name: 'present_from' })
  readonly presentFrom: string;
  /** The first day on which it is not there any more. */
  @Column('date', { name: 'present_until', nullable: true })
  readonly presentUntil: string | null;
  @Column('text')
  readonly status: PresenceStatus;
}

/**
 * Who does what where, with its days: a structure is there from the day it operates, until it ended or its organisation
 * left. What a revision says counts from the day of the revision; before it the earlier facts. After a merge all days
 * show the surviving organisation, until the merge is undone.
 */
export const presence: Projection = {
  name: 'presence',
  tables: ['presence', 'presence_organisation'],
  catalogues: [structureEvents, organisationEvents],
  async apply(tx, events) {
    const all = events as readonly (RecordedEvent & (StructureEvent | OrganisationEvent))[];
    // All at once and first: nothing of an organisation comes before its application.
    const applications = all.flatMap((event) => (event.type === 'MembershipAppliedFor' ? [event.data] : []));
    const organisations = applications.map(({ organisationId: id, facts: { name, kind } }) => ({ id, name, kind }));
    await upsertRows(tx, 'presence_organisation', ['id'], organisations);
    for (const event of all) await applyOne(tx, event);
  },
};

async function applyOne(tx: EntityManager, event: RecordedEvent & (StructureEvent | OrganisationEvent)): Promise<void> {
  const id = event.streamName.slice(event.streamName.indexOf('-') + 1);
  const day = dayOf(event.metadata.occurredAt);
  switch (event.type) {
    case 'StructureRecorded': {
      const { facts, organisationId } = event.data;
      return insert(tx, { id, revision: event.revision, organisationId, facts, from: facts.operatingSince });
    }
    case 'StructureRevised': {
      const { facts } = event.data;
      const organisationId = await organisationOf(tx, id);
      await end(tx, 'structure_id', id, day);
      const from = facts.operatingSince > day ? facts.operatingSince : day;
      return insert(tx, { id, revision: event.revision, organisationId, facts, from });
    }
    case 'StructureConfirmed':
      await tx.query(`UPDATE presence SET status = 'confirmed' WHERE structure_id = $1 AND present_until IS NULL`, [
        id,
      ]);
      return;
    case 'StructureEnded':
      return end(tx, 'structure_id', id, day);
    case 'OrganisationLeft':
      await tx.query('UPDATE presence_organisation SET left_on = $2 WHERE id = $1', [id, day]);
      return end(tx, 'organisation_id', id, day);
    case 'OrganisationAbsorbed':
    case 'AbsorptionUndone': {
      const { name, kind } = event.data.facts;
      await tx.query('UPDATE presence_organisation SET name = $2, kind = $3 WHERE id = $1', [id, name, kind]);
      return showSurvivor(tx, id);
    }
    case 'OrganisationMerged':
    case 'MergeUndone': {
      const into = event.type === 'OrganisationMerged' ? event.data.intoOrganisationId : null;
      await tx.query('UPDATE presence_organisation SET merged_into = $2 WHERE id = $1', [id, into]);
      return showSurvivor(tx, id);
    }
    default:
      return;
  }
}

interface Survivor {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  /** The first day on which it did not belong to the alliance any more. */
  readonly leftOn: string | null;
}

/** What the organisation counts as: itself, or where its merges end. */
async function survivorOf(tx: EntityManager, organisationId: string): Promise<Survivor> {
  const [survivor] = await tx.query<Survivor[]>(
    `WITH RECURSIVE merge AS (
       SELECT id, name, kind, left_on, merged_into FROM presence_organisation WHERE id = $1
       UNION ALL
       SELECT next.id, next.name, next.kind, next.left_on, next.merged_into
       FROM merge JOIN presence_organisation AS next ON next.id = merge.merged_into
     )
     SELECT id, name, kind, left_on::text AS "leftOn" FROM merge WHERE merged_into IS NULL`,
    [organisationId],
  );
  if (survivor === undefined) throw new Error(`The organisation ${organisationId} is not known.`);
  return survivor;
}

/** In the rows of the organisation and of all that were merged into it. */
async function showSurvivor(tx: EntityManager, organisationId: string): Promise<void> {
  const { id, name, kind } = await survivorOf(tx, organisationId);
  await tx.query(
    `WITH RECURSIVE merged AS (
       SELECT $1::uuid AS id
       UNION
       SELECT next.id FROM merged JOIN presence_organisation AS next ON next.merged_into = merged.id
     )
     UPDATE presence SET organisation_id = $2, organisation_name = $3, organisation_kind = $4
     WHERE recorded_for IN (SELECT id FROM merged)`,
    [organisationId, id, name, kind],
  );
}

async function organisationOf(tx: EntityManager, structureId: string): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>(
    'SELECT recorded_for AS id FROM presence WHERE structure_id = $1 LIMIT 1',
    [structureId],
  );
  if (row === undefined) throw new Error(`The structure ${structureId} was revised before it was recorded.`);
  return row.id;
}

/** What ends on its first day, or before, is there on no day. */
async function end(
  tx: EntityManager,
  column: 'structure_id' | 'organisation_id',
  id: string,
  day: string,
): Promise<void> {
  await tx.query(
    `UPDATE presence SET present_until = greatest(present_from, $2::date), status = 'ended'
     WHERE ${column} = $1 AND present_until IS NULL`,
    [id, day],
  );
}

async function insert(
  tx: EntityManager,
  said: {
    readonly id: string;
    readonly revision: bigint;
    readonly organisationId: string;
    readonly facts: StructureFacts;
    readonly from: string;
  },
): Promise<void> {
  const { id, revision, organisationId, facts, from } = said;
  const organisation = await survivorOf(tx, organisationId);
  // Said after the departure, which the command may not have known: what it says ended with it.
  const { leftOn } = organisation;
  const rows = facts.fieldKeys.flatMap((fieldKey) =>
    facts.regionKeys.map((regionKey) => ({
      id: `${id}/${String(revision).padStart(6, '0')}/${fieldKey}/${regionKey}`,
      structure_id: id,
      structure_name: facts.name,
      recorded_for: organisationId,
      organisation_id: organisation.id,
      organisation_name: organisation.name,
      organisation_kind: organisation.kind,
      field_key: fieldKey,
      service: facts.service,
      target_groups: facts.targetGroups,
      region_key: regionKey,
      within_keys: regionLadder(regionKey),
      present_from: from,
      present_until: leftOn !== null && leftOn < from ? from : leftOn,
      status: leftOn === null ? 'recorded' : 'ended',
    })),
  );
  await upsertRows(tx, 'presence', ['id'], rows);
}

export interface PresenceFilter {
  /** Present on this day. */
  readonly asOf: string;
  /** A field of action; also what was recorded under the fields whose place it took. */
  readonly field?: string;
  /** A region: it and all within it. */
  readonly within?: string;
  readonly kind?: OrganisationKind;
}

export type PresenceOrder = readonly {
  readonly field: 'organisationName' | 'fieldKey' | 'regionKey' | 'presentFrom';
  readonly direction: 'ascending' | 'descending';
}[];

/** A page of who was present on a day. */
export async function findPresence(
  tx: EntityManager,
  filter: PresenceFilter,
  page: { readonly order: PresenceOrder; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly PresenceRow[]; readonly nextCursor?: string }> {
  const found = tx
    .createQueryBuilder(PresenceRow, 'presence')
    .where('presence.presentFrom <= :asOf', filter)
    .andWhere('(presence.presentUntil IS NULL OR presence.presentUntil > :asOf)');
  if (filter.kind !== undefined) found.andWhere('presence.organisationKind = :kind', filter);
  if (filter.within !== undefined) found.andWhere('presence.withinKeys @> ARRAY[:within]', filter);
  if (filter.field !== undefined) {
    found.andWhere('presence.fieldKey IN (:...keys)', { keys: await recordedFieldKeys(tx, filter.field) });
  }
  return keysetPage(found, { ...page, key: 'id' });
}
