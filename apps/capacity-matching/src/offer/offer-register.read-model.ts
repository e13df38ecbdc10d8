import { berlinDayOf, weekOf } from '@alliance/calendar';
import type { RecordedEvent } from '@alliance/event-sourcing';
import {
  foldIntoRows,
  type KeysetOrder,
  keysetPage,
  type Projection,
  type RowFold,
  upsertRows,
} from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { WeekRun } from '../event-fields';
import { byWeek, minutesByWeek, type MinutesByWeek, weeksBefore } from '../weekly-minutes';
import { type OfferEvent, offerEvents, type OfferFacts } from './offer.events';
import { type OfferScope, offersInScope } from './offer-scope.read-model';
import { pastUpTo, type PastWeeks, promisedByWeek } from './promised-weeks';

/** An offer as it stands. */
@Entity('offer')
export class OfferRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('boolean', { name: 'is_withdrawn' })
  readonly isWithdrawn: boolean;
  /** Why nothing new is taken of it; none when it is open. */
  @Column('text', { name: 'paused_for', array: true })
  readonly pausedFor: readonly string[];
  @Column('jsonb')
  readonly facts: OfferFacts;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { name: 'region_keys', array: true })
  readonly regionKeys: readonly string[];
  @Column('boolean', { name: 'is_remote_possible' })
  readonly isRemotePossible: boolean;
  @Column('text', { name: 'skill_keys', array: true })
  readonly skillKeys: readonly string[];
  @Column('text', { name: 'language_tags', array: true })
  readonly languageTags: readonly string[];
  @Column('integer', { name: 'minutes_per_week' })
  readonly minutesPerWeek: number;
  @Column('date', { name: 'available_from' })
  readonly availableFrom: string;
  @Column('date', { name: 'available_until' })
  readonly availableUntil: string;
  /** The last day on which the proof counts, by qualification. */
  @Column('jsonb')
  readonly qualifications: Readonly<Record<string, string>>;
  @Column('timestamptz', { name: 'published_at' })
  readonly publishedAt: Date;
  /** When somebody last said that it holds. */
  @Column('timestamptz', { name: 'assured_at' })
  readonly assuredAt: Date;
}

/** A week of an offer, in minutes. */
@Entity('offer_week')
export class OfferWeek {
  @PrimaryColumn('uuid', { name: 'offer_id' })
  readonly offerId: string;
  @PrimaryColumn('text')
  readonly week: string;
  /** By its facts as they are now, also while it is paused. */
  @Column('integer')
  readonly offered: number;
  /**
   * What counts as offered: promised when the week ended (or now, of weeks that have not), nothing while it was paused or
   * withdrawn; at least what is confirmed.
   */
  @Column('integer')
  readonly promised: number;
  /** For allocations that are not yet accepted by both sides. */
  @Column('integer')
  readonly held: number;
  @Column('integer')
  readonly confirmed: number;
}

interface Held {
  readonly weeks: readonly WeekRun[];
  readonly isConfirmed: boolean;
}

interface Row {
  readonly id: string;
  readonly organisation_id: string;
  readonly is_withdrawn: boolean;
  readonly paused_for: readonly string[];
  readonly facts: OfferFacts;
  readonly field_keys: readonly string[];
  readonly region_keys: readonly string[];
  readonly is_remote_possible: boolean;
  readonly skill_keys: readonly string[];
  readonly language_tags: readonly string[];
  readonly minutes_per_week: number;
  readonly available_from: string;
  readonly available_until: string;
  readonly qualifications: Readonly<Record<string, string>>;
  readonly published_at: string;
  readonly assured_at: string;
  /** How often somebody has said so, which tells one time from the next. */
  readonly assurances: number;
  /** By allocation: what it takes. Kept for the sums of the weeks, and shown to nobody. */
  readonly holds: Readonly<Record<string, Held>>;
  /** What it promised of weeks that were over when that changed. */
  readonly past: PastWeeks;
}

type Recorded = RecordedEvent & OfferEvent;

/** The offers as they stand, and what of each of their weeks is taken. */
export const offerRegister: Projection = {
  name: 'offer-register',
  tables: ['offer', 'offer_week'],
  catalogues: [offerEvents],
  async apply(tx, events) {
    const changed = new Map<string, Row>();
    const remembering: RowFold<Row> = {
      ...fold,
      evolve(before, event) {
        const after = evolve(before, event as Recorded);
        if (before === undefined || ofWeeks.some((key) => before[key] !== after[key])) changed.set(after.id, after);
        return after;
      },
    };
    await foldIntoRows(tx, remembering, events);
    if (changed.size === 0) return;
    await tx.query('DELETE FROM offer_week WHERE offer_id = ANY ($1)', [[...changed.keys()]]);
    await upsertRows(tx, 'offer_week', ['offer_id', 'week'], [...changed.values()].flatMap(weeksOf));
  },
};

/** What the minutes of its weeks follow from. */
const ofWeeks = ['facts', 'holds', 'paused_for', 'is_withdrawn'] as const;

const fold: Omit<RowFold<Row>, 'evolve'> = {
  table: 'offer',
  keyColumn: 'id',
  keyOf: ({ streamName }) => offerEvents.category.idOf(streamName),
};

function evolve(row: Row | undefined, event: Recorded): Row {
  const at = event.metadata.occurredAt;
  if (event.type === 'OfferPublished') {
    const { organisationId: organisation_id, facts } = event.data;
    const id = offerEvents.category.idOf(event.streamName);
    const nothing = { is_withdrawn: false, paused_for: [], qualifications: {}, holds: {} };
    const past = { before: weekOf(berlinDayOf(at)), weeks: [] };
    return {
      id,
      organisation_id,
      ...columnsOf(facts),
      ...nothing,
      past,
      published_at: at,
      assured_at: at,
      assurances: 1,
    };
  }
  if (row === undefined) throw new Error(`${event.streamName} does not begin with an offer.`);
  const changing = (): Row => ({ ...row, past: pastUpTo(row.past, promiseOf(row), weekOf(berlinDayOf(at))) });
  const holding = (allocationId: string, held: Held): Row => ({
    ...row,
    holds: { ...row.holds, [allocationId]: held },
  });
  switch (event.type) {
    case 'OfferRevised':
      return { ...changing(), ...columnsOf(event.data.facts), assured_at: at, assurances: row.assurances + 1 };
    case 'OfferAssured':
      return { ...row, assured_at: at, assurances: row.assurances + 1 };
    case 'QualificationProved': {
      const { key, validUntil } = event.data;
      return { ...row, qualifications: { ...row.qualifications, [key]: validUntil } };
    }
    case 'OfferPaused':
      return { ...changing(), paused_for: [...row.paused_for, event.data.reasonCode] };
    case 'OfferResumed': {
      const { reasonCode } = event.data;
      return { ...changing(), paused_for: row.paused_for.filter((one) => one !== reasonCode) };
    }
    case 'OfferWithdrawn':
      return { ...changing(), is_withdrawn: true };
    case 'CapacityHeld':
      return holding(event.data.allocationId, { weeks: event.data.weeks, isConfirmed: false });
    case 'HoldDeclined':
      return row;
    case 'HoldConfirmed': {
      const held = row.holds[event.data.allocationId];
      if (held === undefined) throw new Error(`${event.streamName} confirms what it does not hold.`);
      return holding(event.data.allocationId, { ...held, isConfirmed: true });
    }
    case 'HoldReleased': {
      const { allocationId, fromWeek } = event.data;
      const { [allocationId]: held, ...holds } = row.holds;
      if (held === undefined) return row;
      if (fromWeek === undefined) return { ...row, holds };
      return holding(allocationId, { ...held, weeks: weeksBefore(held.weeks, fromWeek) });
    }
  }
}

function columnsOf(facts: OfferFacts) {
  return {
    facts,
    field_keys: facts.fieldKeys,
    region_keys: facts.regionKeys,
    is_remote_possible: facts.isRemotePossible,
    skill_keys: facts.skills.map(({ key }) => key),
    language_tags: facts.languages.map(({ tag }) => tag),
    minutes_per_week: facts.minutesPerWeek,
    available_from: facts.from,
    available_until: facts.until,
  };
}

/** By week, what it promises as it stands. */
function promiseOf({ facts, is_withdrawn, paused_for }: Row): MinutesByWeek {
  return is_withdrawn || paused_for.length > 0 ? new Map() : minutesByWeek(facts);
}

function weeksOf(row: Row) {
  const sumOf = (isConfirmed: boolean) =>
    byWeek(Object.values(row.holds).flatMap((held) => (held.isConfirmed === isConfirmed ? held.weeks : [])));
  const [held, confirmed] = [sumOf(false), sumOf(true)];
  const [offered, promised] = [minutesByWeek(row.facts), promisedByWeek(row.past, promiseOf(row))];
  const weeks = new Set([offered, promised, held, confirmed].flatMap((minutes) => [...minutes.keys()]));
  return [...weeks].map((week) => ({
    offer_id: row.id,
    week,
    offered: offered.get(week) ?? 0,
    promised: Math.max(promised.get(week) ?? 0, confirmed.get(week) ?? 0),
    held: held.get(week) ?? 0,
    confirmed: confirmed.get(week) ?? 0,
  }));
}

interface OfferQuery {
  /** Those of these organisations only. */
  readonly organisationIds?: readonly string[];
  readonly scope: OfferScope;
  readonly skillKey?: string;
  readonly languageTag?: string;
  readonly status?: 'open' | 'paused' | 'withdrawn';
  /** Only those that nobody has assured since then, or only the others. */
  readonly assured?: { readonly since: Date; readonly isSince: boolean };
  /** Only open ones with so many free minutes or more in one of the weeks from one to another. */
  readonly free?: { readonly minutes: number; readonly from: string; readonly to: string };
  readonly order: readonly KeysetOrder<
    'publishedAt' | 'assuredAt' | 'minutesPerWeek' | 'availableFrom' | 'availableUntil'
  >[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findOffers(
  tx: EntityManager,
  { organisationIds, scope, skillKey, languageTag, status, assured, free, ...page }: OfferQuery,
): Promise<{ items: OfferRow[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(OfferRow, 'offer').where('true');
  if (organisationIds !== undefined)
    found.andWhere('offer.organisationId IN (:...organisationIds)', { organisationIds });
  for (const { condition, parameters } of offersInScope(scope)) found.andWhere(condition, parameters);
  if (skillKey !== undefined) found.andWhere('offer.skillKeys @> CAST(:skills AS text[])', { skills: [skillKey] });
  if (languageTag !== undefined) {
    found.andWhere('offer.languageTags @> CAST(:languages AS text[])', { languages: [languageTag] });
  }
  if (status !== undefined) {
    found.andWhere('offer.isWithdrawn = :isWithdrawn', { isWithdrawn: status === 'withdrawn' });
    if (status !== 'withdrawn') found.andWhere(`cardinality(offer.pausedFor) ${status === 'open' ? '=' : '>'} 0`);
  }
  if (assured !== undefined) {
    found.andWhere(`offer.assuredAt ${assured.isSince ? '>=' : '<'} :since`, { since: assured.since });
  }
  if (free !== undefined) {
    const week = found
      .subQuery()
      .select('1')
      .from(OfferWeek, 'week')
      .where('week.offerId = offer.id AND week.week BETWEEN :from AND :to', { from: free.from, to: free.to })
      .andWhere('week.offered - week.held - week.confirmed >= :minutes', { minutes: free.minutes });
    found.andWhere(`NOT offer.isWithdrawn AND cardinality(offer.pausedFor) = 0 AND EXISTS ${week.getQuery()}`);
    found.setParameters(week.getParameters());
  }
  return keysetPage(found, { ...page, key: 'id' });
}

/** The weeks of these offers from one to another, by offer and in the order of time. */
export async function weeksOfOffers(
  tx: EntityManager,
  offerIds: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ReadonlyMap<string, readonly OfferWeek[]>> {
  const found = await tx
    .createQueryBuilder(OfferWeek, 'week')
    .where('week.offerId = ANY (CAST(:offerIds AS uuid[]))', { offerIds })
    .andWhere('week.week BETWEEN :from AND :to AND week.offered > 0', { from, to })
    .orderBy('week.week')
    .getMany();
  const byOffer = new Map<string, OfferWeek[]>();
  for (const week of found) byOffer.set(week.offerId, [...(byOffer.get(week.offerId) ?? []), week]);
  return byOffer;
}

/** Offers that nobody has assured since then and that are not paused for it, in the order of their ids, after that one. */
export function offersToPause(
  tx: EntityManager,
  {
    assuredBefore,
    afterId,
    limit,
  }: { readonly assuredBefore: Date; readonly afterId?: string; readonly limit: number },
): Promise<readonly { readonly id: string; readonly assurances: number }[]> {
  return tx.query(
    `SELECT id, assurances FROM offer
     WHERE NOT is_withdrawn AND assured_at < $1 AND NOT paused_for @> ARRAY['stale'] AND ($2::uuid IS NULL OR id > $2)
     ORDER BY id LIMIT $3`,
    [assuredBefore, afterId ?? null, limit],
  );
}

/** An open offer, as a matching round sees it. */
export interface OfferForRound {
  readonly id: string;
  readonly organisationId: string;
  readonly facts: OfferFacts;
  readonly qualifications: ReadonlyMap<string, string>;
  /** By week, what is offered and not taken. */
  readonly free: ReadonlyMap<string, number>;
}

/** All offers of which something may be taken, by id. */
export async function offersForRound(tx: EntityManager): Promise<readonly OfferForRound[]> {
  const offers = await tx.query<
    (Pick<Row, 'id' | 'organisation_id' | 'facts' | 'qualifications'> & {
      free: Readonly<Record<string, number>> | null;
    })[]
  >(
    `SELECT id, organisation_id, facts, qualifications,
       (SELECT json_object_agg(week, offered - held - confirmed ORDER BY week) FROM offer_week
        WHERE offer_id = offer.id AND offered > held + confirmed) AS free
     FROM offer WHERE NOT is_withdrawn AND cardinality(paused_for) = 0 ORDER BY id`,
  );
  return offers.map(({ id, organisation_id: organisationId, facts, qualifications, free }) => ({
    ...{ id, organisationId, facts, qualifications: new Map(Object.entries(qualifications)) },
    free: new Map(Object.entries(free ?? {})),
  }));
}
