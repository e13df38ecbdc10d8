import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type AllocationEvent, allocationEvents } from '../allocation/allocation.events';
import type { WeekRun } from '../event-fields';
import { deliveredByWeek, type WeekReport, withWord } from '../reported-hours';
import { byWeek, minutesByWeek, totalMinutes, weeksBefore } from '../weekly-minutes';
import { type NeedEvent, needEvents, type NeedFacts } from './need.events';

/** A need as it stands, and how well it is served; all minutes are of all its weeks together. */
@Entity('need')
export class NeedRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('boolean', { name: 'is_open' })
  readonly isOpen: boolean;
  /** Why it is closed. */
  @Column('text', { name: 'closed_for', nullable: true })
  readonly closedFor: string | null;
  @Column('jsonb')
  readonly facts: NeedFacts;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { name: 'region_key' })
  readonly regionKey: string;
  /** In force: a coordinator's, or else the organisation's. */
  @Column('integer')
  readonly severity: number;
  @Column('boolean', { name: 'is_prioritised' })
  readonly isPrioritised: boolean;
  @Column('date', { name: 'needed_by' })
  readonly neededBy: string;
  @Column('date', { name: 'needed_until' })
  readonly neededUntil: string;
  @Column('timestamptz', { name: 'opened_at' })
  readonly openedAt: Date;
  @Column('integer', { name: 'wanted_minutes' })
  readonly wantedMinutes: number;
  /** Of allocations that both sides have yet to accept. */
  @Column('integer', { name: 'proposed_minutes' })
  readonly proposedMinutes: number;
  /** Of allocations that both sides have accepted, those that are delivered too. */
  @Column('integer', { name: 'started_minutes' })
  readonly startedMinutes: number;
  /** Of the weeks of which both sides say the same. */
  @Column('integer', { name: 'delivered_minutes' })
  readonly deliveredMinutes: number;
  /** startedMinutes ÷ wantedMinutes. */
  @Column('double precision', { name: 'served_share' })
  readonly servedShare: number;
}

/** What an allocation brings to a need. */
@Entity('need_supply')
export class NeedSupply {
  @PrimaryColumn('uuid', { name: 'allocation_id' })
  readonly allocationId: string;
  @Column('uuid', { name: 'need_id' })
  readonly needId: string;
  @Column('uuid', { name: 'offer_id' })
  readonly offerId: string;
  @Column('text')
  readonly status: 'proposed' | 'started' | 'delivered' | 'declined' | 'ended';
  @Column('jsonb')
  readonly weeks: readonly WeekRun[];
}

interface Row {
  readonly id: string;
  readonly organisation_id: string;
  readonly is_open: boolean;
  readonly closed_for: string | null;
  readonly facts: NeedFacts;
  readonly field_keys: readonly string[];
  readonly region_key: string;
  readonly severity: number;
  readonly is_prioritised: boolean;
  readonly needed_by: string;
  readonly needed_until: string;
  readonly opened_at: string;
  readonly wanted_minutes: number;
  readonly proposed_minutes: number;
  readonly started_minutes: number;
  readonly delivered_minutes: number;
  readonly served_share: number;
}

interface SupplyRow {
  readonly allocation_id: string;
  readonly need_id: string;
  readonly offer_id: string;
  readonly status: NeedSupply['status'];
  readonly weeks: readonly WeekRun[];
  readonly minutes: number;
  /** By week. */
  readonly reports: readonly WeekReport[];
  readonly delivered_minutes: number;
}

const needFold: RowFold<Row> = {
  table: 'need',
  keyColumn: 'id',
  keyOf: ({ streamName }) =>
    streamName.startsWith(needEvents.category.prefix) ? needEvents.category.idOf(streamName) : undefined,
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & NeedEvent;
    if (event.type === 'NeedOpened') {
      const { organisationId: organisation_id, facts } = event.data;
      const id = needEvents.category.idOf(event.streamName);
      const told = { is_open: true, closed_for: null, is_prioritised: false, severity: facts.severity };
      const nothing = { proposed_minutes: 0, started_minutes: 0, delivered_minutes: 0, served_share: 0 };
      return { id, organisation_id, ...columnsOf(facts), ...told, ...nothing, opened_at: event.metadata.occurredAt };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a need.`);
    switch (event.type) {
      case 'NeedRevised': {
        const { facts } = event.data;
        return { ...row, ...columnsOf(facts), severity: row.is_prioritised ? row.severity : facts.severity };
      }
      case 'NeedPrioritised':
        return { ...row, severity: event.data.severity, is_prioritised: true };
      case 'NeedClosed':
        return { ...row, is_open: false, closed_for: event.data.reasonCode };
    }
  },
};

const supplyFold: RowFold<SupplyRow> = {
  table: 'need_supply',
  keyColumn: 'allocation_id',
  keyOf: ({ streamName }) =>
    streamName.startsWith(allocationEvents.category.prefix) ? allocationEvents.category.idOf(streamName) : undefined,
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & AllocationEvent;
    if (event.type === 'AllocationProposed') {
      const { needId: need_id, offerId: offer_id, weeks } = event.data;
      const allocation_id = allocationEvents.category.idOf(event.streamName);
      const minutes = totalMinutes(byWeek(weeks));
      const nothing = { reports: [], delivered_minutes: 0 };
      return { allocation_id, need_id, offer_id, status: 'proposed', weeks, minutes, ...nothing };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with an allocation.`);
    switch (event.type) {
      case 'AllocationDeclined':
        return { ...row, ...supplying([], row.reports), status: 'declined' };
      case 'AllocationExpired':
      case 'AllocationFailed':
        return { ...row, ...supplying([], row.reports), status: 'ended' };
      case 'AllocationStarted':
        return { ...row, status: 'started' };
      case 'AllocationDelivered':
        return { ...row, status: 'delivered', delivered_minutes: event.data.minutes };
      case 'AllocationReleased': {
        const { fromWeek } = event.data;
        const kept = row.status !== 'started' || fromWeek === undefined ? [] : weeksBefore(row.weeks, fromWeek);
        const status = kept.length > 0 ? row.status : 'ended';
        return { ...row, ...supplying(kept, row.reports), status };
      }
      case 'HoursReported':
        return { ...row, ...supplying(row.weeks, withWord(row.reports, event.data)) };
      case 'CapacitySecured':
      case 'AllocationAccepted':
      case 'DeliveryDisputed':
        return row;
    }
  },
};

function supplying(weeks: readonly WeekRun[], reports: readonly WeekReport[]) {
  const delivered_minutes = totalMinutes(deliveredByWeek(reports, weeks));
  return { weeks, minutes: totalMinutes(byWeek(weeks)), reports, delivered_minutes };
}

/** The needs as they stand, and what is allocated to them. */
export const needRegister: Projection = {
  name: 'need-register',
  tables: ['need', 'need_supply'],
  catalogues: [needEvents, allocationEvents],
  async apply(tx, events) {
    await foldIntoRows(tx, needFold, events);
    await foldIntoRows(tx, supplyFold, events);
    const needIds = events.flatMap(({ streamName }) => needFold.keyOf({ streamName } as RecordedEvent) ?? []);
    const allocationIds = events.flatMap(({ streamName }) => supplyFold.keyOf({ streamName } as RecordedEvent) ?? []);
    // The stream of an allocation may be read before that of its need in one batch, not before it in the log.
    await tx.query(
      `UPDATE need SET (proposed_minutes, started_minutes, delivered_minutes, served_share) = (
         SELECT coalesce(sum(minutes) FILTER (WHERE status = 'proposed'), 0),
           coalesce(sum(minutes) FILTER (WHERE status IN ('started', 'delivered')), 0),
           coalesce(sum(delivered_minutes), 0),
           coalesce(sum(minutes) FILTER (WHERE status IN ('started', 'delivered')), 0)::double precision
             / greatest(need.wanted_minutes, 1)
         FROM need_supply WHERE need_id = need.id
       )
       WHERE id = ANY ($1::uuid[]) OR id IN (SELECT need_id FROM need_supply WHERE allocation_id = ANY ($2::uuid[]))`,
      [needIds, allocationIds],
    );
  },
};

function columnsOf(facts: NeedFacts) {
  return {
    facts,
    field_keys: facts.fieldKeys,
    region_key: facts.regionKey,
    needed_by: facts.neededBy,
    needed_until: facts.until,
    wanted_minutes: totalMinutes(minutesByWeek(facts)),
  };
}

interface NeedQuery {
  /** Those of these organisations only. */
  readonly organisationIds?: readonly string[];
  readonly isOpen?: boolean;
  readonly fieldKey?: string;
  /** What the key of the region begins with. */
  readonly regionPrefix?: string;
  readonly severity?: number;
  readonly isPrioritised?: boolean;
  readonly isRemotePossible?: boolean;
  /** Asked for, as a must or not. */
  readonly skillKey?: string;
  readonly languageTag?: string;
  /** Only those that last on one of the days from one to another. */
  readonly lasting?: { readonly from?: string; readonly until?: string };
  /** Only those of which something is neither started nor delivered. */
  readonly isUnserved?: boolean;
  readonly order: readonly KeysetOrder<'severity' | 'neededBy' | 'openedAt' | 'servedShare' | 'wantedMinutes'>[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findNeeds(
  tx: EntityManager,
  { organisationIds, isOpen, fieldKey, regionPrefix, severity, isUnserved, skillKey, languageTag, ...query }: NeedQuery,
): Promise<{ items: NeedRow[]; nextCursor?: string }> {
  const { isPrioritised, isRemotePossible, lasting, ...page } = query;
  const found = tx.createQueryBuilder(NeedRow, 'need').where('true');
  if (organisationIds !== undefined) {
    found.andWhere('need.organisationId IN (:...organisationIds)', { organisationIds });
  }
  if (isOpen !== undefined) found.andWhere('need.isOpen = :isOpen', { isOpen });
  if (fieldKey !== undefined) found.andWhere('need.fieldKeys @> CAST(:fields AS text[])', { fields: [fieldKey] });
  if (regionPrefix !== undefined) found.andWhere('need.regionKey LIKE :region', { region: `${regionPrefix}%` });
  if (severity !== undefined) found.andWhere('need.severity = :severity', { severity });
  if (isUnserved !== undefined) found.andWhere(`need.servedShare ${isUnserved ? '<' : '>='} 1`);
  if (isPrioritised !== undefined) found.andWhere('need.isPrioritised = :isPrioritised', { isPrioritised });
  if (isRemotePossible !== undefined) {
    found.andWhere(`need.facts @> CAST(:remote AS jsonb)`, { remote: JSON.stringify({ isRemotePossible }) });
  }
  if (skillKey !== undefined) {
    const skills = `need.facts->'mustSkills' @> CAST(:skills AS jsonb) OR need.facts->'niceSkills' @> CAST(:skills AS jsonb)`;
    found.andWhere(`(${skills})`, { skills: JSON.stringify([{ key: skillKey }]) });
  }
  if (languageTag !== undefined) {
    const languages = JSON.stringify([{ tag: languageTag }]);
    found.andWhere(`need.facts->'languages' @> CAST(:languages AS jsonb)`, { languages });
  }
  if (lasting?.from !== undefined) found.andWhere('need.neededUntil >= :lastsFrom', { lastsFrom: lasting.from });
  if (lasting?.until !== undefined) found.andWhere(`need.facts->>'from' <= :lastsUntil`, { lastsUntil: lasting.until });
  return keysetPage(found, { ...page, key: 'id' });
}

/** An open need, as a matching round sees it. */
export interface NeedForRound {
  readonly id: string;
  readonly organisationId: string;
  readonly facts: NeedFacts;
  readonly severity: number;
  readonly openedAt: string;
  /** What is allocated to it, proposed or more; without weeks, what a side has declined. */
  readonly supplies: readonly { readonly offerId: string; readonly weeks: readonly WeekRun[] }[];
}

/** All open needs, by id. */
export async function needsForRound(tx: EntityManager): Promise<readonly NeedForRound[]> {
  const needs = await tx.query<(Pick<Row, 'id' | 'organisation_id' | 'facts' | 'severity'> & { opened_at: Date })[]>(
    'SELECT id, organisation_id, facts, severity, opened_at FROM need WHERE is_open ORDER BY id',
  );
  const supplies = await tx.query<Pick<SupplyRow, 'need_id' | 'offer_id' | 'weeks'>[]>(
    `SELECT need_id, offer_id, weeks FROM need_supply
     WHERE status IN ('proposed', 'started', 'delivered', 'declined') AND need_id IN (SELECT id FROM need WHERE is_open)
     ORDER BY allocation_id`,
  );
  const byNeed = new Map<string, { readonly offerId: string; readonly weeks: readonly WeekRun[] }[]>();
  for (const { need_id, offer_id: offerId, weeks } of supplies) {
    const of = byNeed.get(need_id);
    if (of === undefined) byNeed.set(need_id, [{ offerId, weeks }]);
    else of.push({ offerId, weeks });
  }
  return needs.map(({ id, organisation_id: organisationId, facts, severity, opened_at }) => ({
    ...{ id, organisationId, facts, severity, openedAt: opened_at.toISOString() },
    supplies: byNeed.get(id) ?? [],
  }));
}

/** Open needs whose last day was before that one, in the order of their ids, after that one. */
export async function pastNeeds(
  tx: EntityManager,
  { today, afterId, limit }: { readonly today: string; readonly afterId?: string; readonly limit: number },
): Promise<readonly string[]> {
  const found = await tx.query<{ id: string }[]>(
    `SELECT id FROM need WHERE is_open AND needed_until < $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [today, afterId ?? null, limit],
  );
  return found.map(({ id }) => id);
}
