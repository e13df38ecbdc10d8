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
import type { Currency, Money } from '../money';
import { type PotEvent, potEvents } from './pot.events';

/** A pot and its sums, in cents: see the glossary for what each of them is. */
@Entity('pot')
export class PotRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly name: string;
  @Column('text')
  readonly currency: Currency;
  @Column('bigint')
  readonly contributed: string;
  @Column('bigint')
  readonly reserved: string;
  @Column('bigint')
  readonly committed: string;
  @Column('timestamptz', { name: 'opened_at' })
  readonly openedAt: Date;
}

export const entryKinds = ['contributed', 'reserved', 'declined', 'released', 'committed', 'reduced'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One movement in a pot. */
@Entity('pot_entry')
export class PotEntry {
  @PrimaryColumn('uuid', { name: 'pot_id' })
  readonly potId: string;
  @PrimaryColumn('bigint')
  readonly revision: string;
  @Column('text')
  readonly kind: EntryKind;
  @Column('bigint')
  readonly cents: string;
  @Column('text')
  readonly currency: Currency;
  @Column('uuid', { name: 'grant_id', nullable: true })
  readonly grantId: string | null;
  @Column('integer', { nullable: true })
  readonly attempt: number | null;
  @Column('uuid', { name: 'contribution_id', nullable: true })
  readonly contributionId: string | null;
  @Column('timestamptz')
  readonly at: Date;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly currency: Currency;
  readonly contributed: number;
  readonly reserved: number;
  readonly committed: number;
  readonly opened_at: string;
}

interface EntryRow {
  readonly pot_id: string;
  readonly revision: bigint;
  readonly kind: EntryKind;
  readonly cents: number;
  readonly currency: Currency;
  readonly grant_id: string | null;
  readonly attempt: number | null;
  readonly contribution_id: string | null;
  readonly at: string;
}

type Recorded = RecordedEvent & PotEvent;

/** The pots with their sums, and every movement in them. */
export const potRegister: Projection = {
  name: 'pot-register',
  tables: ['pot', 'pot_entry'],
  catalogues: [potEvents],
  async apply(tx, recorded) {
    const events = recorded as readonly Recorded[];
    const entries = entriesOf(events, await reservedBefore(tx, events));
    await upsertRows(tx, 'pot_entry', ['pot_id', 'revision'], [...entries.values()]);
    await foldIntoRows(tx, foldWith(entries), events);
  },
};

/** What each attempt has reserved, by grant and attempt: an award and a release say only whose amount they mean. */
async function reservedBefore(tx: EntityManager, events: readonly Recorded[]): Promise<Map<string, Money>> {
  const grants = events.flatMap(({ type, data }) =>
    type === 'AwardConfirmed' || type === 'ReservationReleased' ? [data.grantId] : [],
  );
  if (grants.length === 0) return new Map();
  const found = await tx.query<
    { pot_id: string; grant_id: string; attempt: number; cents: string; currency: Currency }[]
  >(
    `SELECT pot_id, grant_id, attempt, cents, currency FROM pot_entry WHERE kind = 'reserved' AND grant_id = ANY ($1)`,
    [[...new Set(grants)]],
  );
  return new Map(
    found.map(({ pot_id, grant_id, attempt, cents, currency }) => [
      keyOf(pot_id, grant_id, attempt),
      { cents: Number(cents), currency },
    ]),
  );
}

function entriesOf(events: readonly Recorded[], reserved: Map<string, Money>): ReadonlyMap<Recorded, EntryRow> {
  const entries = new Map<Recorded, EntryRow>();
  for (const event of events) {
    if (event.type === 'PotOpened') continue;
    const pot_id = potEvents.category.idOf(event.streamName);
    const { type, data } = event;
    if (type === 'AmountReserved') reserved.set(keyOf(pot_id, data.grantId, data.attempt), data.amount);
    const amount = 'amount' in data ? data.amount : reserved.get(keyOf(pot_id, data.grantId, data.attempt));
    if (amount === undefined) throw new Error(`${event.streamName} has no reservation for revision ${event.revision}.`);
    entries.set(event, {
      pot_id,
      revision: event.revision,
      kind: kindOf[type],
      ...amount,
      grant_id: 'grantId' in data ? data.grantId : null,
      attempt: 'attempt' in data ? data.attempt : null,
      contribution_id: 'contributionId' in data ? data.contributionId : null,
      at: event.metadata.occurredAt,
    });
  }
  return entries;
}

const kindOf: Readonly<Record<Exclude<PotEvent['type'], 'PotOpened'>, EntryKind>> = {
  ContributionReceived: 'contributed',
  AmountReserved: 'reserved',
  ReservationDeclined: 'declined',
  ReservationReleased: 'released',
  AwardConfirmed: 'committed',
  CommitmentReduced: 'reduced',
};

function foldWith(entries: ReadonlyMap<RecordedEvent, EntryRow>): RowFold<Row> {
  return {
    table: 'pot',
    keyColumn: 'id',
    keyOf: ({ streamName }) => potEvents.category.idOf(streamName),
    evolve(row, recorded) {
      const event = recorded as Recorded;
      if (event.type === 'PotOpened') {
        const { name, currency } = event.data;
        const id = potEvents.category.idOf(event.streamName);
        const opened_at = event.metadata.occurredAt;
        return { id, name, currency, contributed: 0, reserved: 0, committed: 0, opened_at };
      }
      const entry = entries.get(event);
      if (row === undefined || entry === undefined) throw new Error(`${event.streamName} does not begin with a pot.`);
      const { cents } = entry;
      switch (entry.kind) {
        case 'contributed':
          return { ...row, contributed: row.contributed + cents };
        case 'reserved':
          return { ...row, reserved: row.reserved + cents };
        case 'declined':
          return row;
        case 'released':
          return { ...row, reserved: row.reserved - cents };
        case 'committed':
          return { ...row, reserved: row.reserved - cents, committed: row.committed + cents };
        case 'reduced':
          return { ...row, committed: row.committed - cents };
      }
    },
  };
}

function keyOf(potId: string, grantId: string, attempt: number): string {
  return `${potId} ${grantId} ${attempt}`;
}

interface Page<Field extends string> {
  readonly order: readonly KeysetOrder<Field>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** `freeAtLeast` in cents. */
export function findPots(
  tx: EntityManager,
  page: Page<'name' | 'openedAt'> & { readonly freeAtLeast?: number },
): Promise<{ items: PotRow[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(PotRow, 'pot');
  if (page.freeAtLeast !== undefined) {
    found.where('pot.contributed - pot.reserved - pot.committed >= :least', { least: page.freeAtLeast });
  }
  return keysetPage(found, { ...page, key: 'id' });
}

export function findEntries(
  tx: EntityManager,
  potId: string,
  page: Page<'revision'> & { readonly kind?: EntryKind; readonly grantId?: string },
): Promise<{ items: PotEntry[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(PotEntry, 'entry').where('entry.potId = :potId', { potId });
  if (page.kind !== undefined) found.andWhere('entry.kind = :kind', { kind: page.kind });
  if (page.grantId !== undefined) found.andWhere('entry.grantId = :grantId', { grantId: page.grantId });
  return keysetPage(found, { ...page, key: 'revision' });
}
