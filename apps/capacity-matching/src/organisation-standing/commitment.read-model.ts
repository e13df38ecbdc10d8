import { addWeeks } from '@alliance/calendar';
import { type RecordedEvent } from '@alliance/event-sourcing';
import { findSurvivors, idsCountingAs } from '@alliance/known-organisations';
import { foldIntoRows, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';
import { type AllocationEvent, allocationEvents } from '../allocation/allocation.events';
import { type NeedEvent, needEvents } from '../need/need.events';
import { type OfferEvent, offerEvents } from '../offer/offer.events';
import { type Commitment as Concerned, ORGANISATION_SUSPENDED, type Standing } from './organisation-standing.policy';

/** What organisations have under way: an offer, a need, or an allocation between two. */
@Entity('commitment')
export class Commitment {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly kind: 'offer' | 'need' | 'allocation';
  /** `started` is of allocations only. */
  @Column('text')
  readonly stage: 'open' | 'started' | 'ended';
  @Column('uuid', { name: 'supporting_id', nullable: true })
  readonly supportingId: string | null;
  @Column('uuid', { name: 'helping_id', nullable: true })
  readonly helpingId: string | null;
  /** Of an allocation. */
  @Column('uuid', { name: 'need_id', nullable: true })
  readonly needId: string | null;
  /** The offer is paused because its organisation is suspended. */
  @Column('boolean', { name: 'is_frozen' })
  readonly isFrozen: boolean;
  /** Of an allocation. */
  @Column('text', { name: 'first_week', nullable: true })
  readonly firstWeek: string | null;
  @Column('text', { name: 'last_week', nullable: true })
  readonly lastWeek: string | null;
  /** Of its stream, by the last event that the row knows of. */
  @Column('bigint')
  readonly revision: string;
}

interface Row {
  readonly id: string;
  readonly kind: Commitment['kind'];
  readonly stage: Commitment['stage'];
  readonly supporting_id: string | null;
  readonly helping_id: string | null;
  readonly need_id: string | null;
  readonly is_frozen: boolean;
  readonly first_week: string | null;
  readonly last_week: string | null;
  readonly revision: string;
}

const catalogues = [offerEvents, needEvents, allocationEvents] as const;

const fold: RowFold<Row> = {
  table: 'commitment',
  keyColumn: 'id',
  keyOf: ({ streamName }) =>
    catalogues.find(({ category }) => streamName.startsWith(category.prefix))?.category.idOf(streamName),
  evolve(row, recorded) {
    const changed = evolve(row, recorded as Followed);
    return { ...changed, revision: String(recorded.revision) };
  },
};

/** What organisations have under way, so that it follows when the registry suspends them or they leave. */
export const commitments: Projection = {
  name: 'commitments',
  tables: ['commitment'],
  catalogues,
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

type Changed = Omit<Row, 'revision'>;
type Followed = RecordedEvent & (OfferEvent | NeedEvent | AllocationEvent);

function evolve(row: Row | undefined, event: Followed): Changed {
  const begun = beginning(event);
  if (begun !== undefined) return begun;
  if (row === undefined) throw new Error(`${event.streamName} does not begin with what it is about.`);
  switch (event.type) {
    case 'OfferPaused':
    case 'OfferResumed':
      if (event.data.reasonCode !== ORGANISATION_SUSPENDED) return row;
      return { ...row, is_frozen: event.type === 'OfferPaused' };
    case 'AllocationStarted':
      return { ...row, stage: 'started' };
    case 'AllocationReleased': {
      const { fromWeek } = event.data;
      const goesOn = row.stage === 'started' && fromWeek !== undefined && (row.first_week ?? '') < fromWeek;
      return goesOn ? { ...row, last_week: addWeeks(fromWeek, -1) } : { ...row, stage: 'ended' };
    }
    case 'OfferWithdrawn':
    case 'NeedClosed':
    case 'AllocationDeclined':
    case 'AllocationExpired':
    case 'AllocationFailed':
    case 'AllocationDelivered':
      return { ...row, stage: 'ended' };
    default:
      return row;
  }
}

function beginning({ type, streamName, data }: Followed): Changed | undefined {
  const nothing = { supporting_id: null, helping_id: null, need_id: null, first_week: null, last_week: null };
  const open = { ...nothing, stage: 'open', is_frozen: false } as const;
  switch (type) {
    case 'OfferPublished': {
      const id = offerEvents.category.idOf(streamName);
      return { ...open, id, kind: 'offer', supporting_id: data.organisationId };
    }
    case 'NeedOpened': {
      const id = needEvents.category.idOf(streamName);
      return { ...open, id, kind: 'need', helping_id: data.organisationId };
    }
    case 'AllocationProposed': {
      const { supportingOrganisationId, helpingOrganisationId, needId, weeks } = data;
      return {
        ...{ ...open, id: allocationEvents.category.idOf(streamName), kind: 'allocation', need_id: needId },
        ...{ supporting_id: supportingOrganisationId, helping_id: helpingOrganisationId },
        ...{ first_week: weeks[0]?.from ?? null, last_week: weeks.at(-1)?.to ?? null },
      };
    }
    default:
      return undefined;
  }
}

/** All that is under way of the organisation, and of those that count as it since they were merged. */
export async function commitmentsOf(tx: EntityManager, organisationId: string): Promise<readonly Concerned[]> {
  const ids = [...(await idsCountingAs(tx, [organisationId]))];
  const found = await underWay(tx)
    .andWhere('(commitment.supportingId = ANY (:ids) OR commitment.helpingId = ANY (:ids))', { ids })
    .orderBy('commitment.id')
    .getMany();
  return concerned(tx, found);
}

/** Those of the need's allocations that have yet to start. */
export async function unstartedAllocationsOf(tx: EntityManager, needId: string): Promise<readonly string[]> {
  const found = await tx.findBy(Commitment, { needId, stage: 'open' });
  return found.map(({ id }) => id);
}

/**
 * So many commitments under way after the id, by id, of which something may have to follow: an organisation of theirs is
 * no plain member, or was none, or their need is closed.
 */
export async function commitmentsInDoubt(
  tx: EntityManager,
  { afterId, limit }: { readonly afterId?: string; readonly limit: number },
): Promise<readonly Concerned[]> {
  const noMember = `EXISTS (SELECT FROM known_organisation AS known
    WHERE known.id IN (commitment.supporting_id, commitment.helping_id) AND known.status <> 'admitted')`;
  const needClosed = `EXISTS (SELECT FROM commitment AS need
    WHERE need.id = commitment.need_id AND need.stage = 'ended')`;
  const found = underWay(tx).andWhere(`(commitment.isFrozen OR ${noMember} OR ${needClosed})`);
  if (afterId !== undefined) found.andWhere('commitment.id > :afterId', { afterId });
  return concerned(tx, await found.orderBy('commitment.id').limit(limit).getMany());
}

function underWay(tx: EntityManager) {
  return tx.createQueryBuilder(Commitment, 'commitment').where(`commitment.stage <> 'ended'`);
}

/** With how their organisations stand, each as the record that survives. */
async function concerned(tx: EntityManager, rows: readonly Commitment[]): Promise<readonly Concerned[]> {
  const present = (ids: readonly (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  const told = await findSurvivors(
    tx,
    present(rows.flatMap(({ supportingId, helpingId }) => [supportingId, helpingId])),
  );
  const needs = await tx.findBy(Commitment, { id: In(present(rows.map(({ needId }) => needId))), stage: 'ended' });
  const closed = new Set(needs.map(({ id }) => id));
  const standing = (id: string | null): Standing | undefined => {
    const survivor = id === null ? undefined : told.get(id);
    // Where the one that survives has not been told of yet, nothing is known of how it stands.
    if (survivor === undefined || survivor.status === 'merged') return undefined;
    return { status: survivor.status, survivorId: survivor.id };
  };
  return rows.map(({ supportingId, helpingId, needId, ...row }) => ({
    ...row,
    supporting: standing(supportingId),
    helping: standing(helpingId),
    isNeedClosed: needId !== null && closed.has(needId),
  }));
}
