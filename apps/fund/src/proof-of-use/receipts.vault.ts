import { createHash, randomBytes } from 'node:crypto';
import { type KeysetOrder, keysetPage } from '@alliance/read-models';
import { Injectable } from '@nestjs/common';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { Currency, Money } from '../money';

/** One receipt as the recipient lists it. Payee and purpose name persons. */
export interface Receipt {
  /** Line of the financing plan. */
  readonly line: string;
  readonly paidOn: string;
  readonly payee: string;
  readonly purpose: string;
  readonly amount: Money;
}

@Entity('receipt_row')
export class ReceiptRow {
  @PrimaryColumn('uuid', { name: 'report_id' })
  readonly reportId: string;
  /** In the order in which they were submitted, from 1. */
  @PrimaryColumn('integer')
  readonly row: number;
  @Column('text')
  readonly line: string;
  @Column('date', { name: 'paid_on' })
  readonly paidOn: string;
  @Column('text')
  readonly payee: string;
  @Column('text')
  readonly purpose: string;
  @Column('bigint')
  readonly cents: string;
  @Column('text')
  readonly currency: Currency;
}

export interface ReceiptPage {
  readonly line?: string;
  readonly order: readonly KeysetOrder<'paidOn' | 'row'>[];
  readonly limit: number;
  readonly cursor?: string;
}

interface ReceiptList {
  /** `null` when it is erased. */
  readonly salt: string | null;
  /** Of the report whose rows are held. */
  readonly version: number | null;
}

/**
 * The one place where the rows of receipt lists lie, with payees and purposes: the tables `receipt_list` and
 * `receipt_row`. They do not follow from the log, no projection writes them, no rebuild touches them. The log has their
 * digest, by which it is seen that they are those that were submitted; it is salted, since a payee is easily guessed.
 *
 * Log and vault are two stores, so the rows are written when their event is in the log already; the highest version
 * wins, and what is erased stays erased. Only the salt, which says nothing of anybody, is there before.
 */
@Injectable()
export class ReceiptsVault {
  constructor(private readonly database: DataSource) {}

  /** Of these receipts in a list of this report: always the same for the same. `undefined` where none are taken any more. */
  async digestOf(reportId: string, receipts: readonly Receipt[]): Promise<string | undefined> {
    await this.database.query(
      'INSERT INTO receipt_list (report_id, salt) VALUES ($1, $2) ON CONFLICT (report_id) DO NOTHING',
      [reportId, randomBytes(32).toString('hex')],
    );
    const list = await findList(this.database.manager, reportId);
    if (list === undefined) throw new Error(`There is no list of receipts of report ${reportId}.`);
    return list.salt === null ? undefined : digest(list.salt, receipts);
  }

  /**
   * Holds the rows of the report in that version, whose event is in the log. Nothing changes when they are held already
   * or a later version is; `'erased'` when they have been erased meanwhile.
   */
  async keep(reportId: string, version: number, receipts: readonly Receipt[]): Promise<'kept' | 'erased'> {
    return this.database.transaction(async (tx) => {
      const list = await findList(tx, reportId, 'FOR UPDATE');
      if (list === undefined || list.salt === null) return 'erased';
      if (list.version !== null && list.version >= version) return 'kept';
      await tx.query('DELETE FROM receipt_row WHERE report_id = $1', [reportId]);
      const rows = receipts.map(({ amount, paidOn, ...receipt }, index) => {
        return { report_id: reportId, row: index + 1, ...receipt, paid_on: paidOn, ...amount };
      });
      await tx.query('INSERT INTO receipt_row SELECT * FROM json_populate_recordset(NULL::receipt_row, $1)', [
        JSON.stringify(rows),
      ]);
      await tx.query('UPDATE receipt_list SET version = $2 WHERE report_id = $1', [reportId, version]);
      return 'kept';
    });
  }

  /** Of the rows as they are held; `undefined` when none of that version are. */
  async digestHeld(reportId: string, version: number): Promise<string | undefined> {
    return this.atOneTime((tx) => digestHeld(tx, reportId, version));
  }

  /** A page of the rows, with the digest of all of them. Only for reads that are in the log. */
  async read(reportId: string, version: number, page: ReceiptPage) {
    return this.atOneTime(async (tx) => {
      const held = await digestHeld(tx, reportId, version);
      if (held === undefined) return undefined;
      const found = tx.createQueryBuilder(ReceiptRow, 'receipt').where('receipt.reportId = :reportId', { reportId });
      if (page.line !== undefined) found.andWhere('receipt.line = :line', { line: page.line });
      return { digest: held, ...(await keysetPage(found, { ...page, key: 'row' })) };
    });
  }

  /** Erases the rows and whatever would come later, and the salt of their digest. A repeat changes nothing. */
  async erase(reportId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO receipt_list (report_id, erased) VALUES ($1, true)
         ON CONFLICT (report_id) DO UPDATE SET salt = NULL, version = NULL, erased = true`,
        [reportId],
      );
      await tx.query('DELETE FROM receipt_row WHERE report_id = $1', [reportId]);
    });
  }

  private atOneTime<Result>(read: (tx: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction('REPEATABLE READ', read);
  }
}

async function digestHeld(tx: EntityManager, reportId: string, version: number): Promise<string | undefined> {
  const list = await findList(tx, reportId);
  if (list === undefined || list.salt === null || list.version !== version) return undefined;
  const rows = await tx.find(ReceiptRow, { where: { reportId }, order: { row: 'ASC' } });
  return digest(list.salt, rows.map(receiptOf));
}

/** As it was submitted. */
export function receiptOf({ line, paidOn, payee, purpose, cents, currency }: ReceiptRow): Receipt {
  return { line, paidOn, payee, purpose, amount: { cents: Number(cents), currency } };
}

async function findList(tx: EntityManager, reportId: string, lock: 'FOR UPDATE' | '' = '') {
  const [list] = await tx.query<ReceiptList[]>(`SELECT salt, version FROM receipt_list WHERE report_id = $1 ${lock}`, [
    reportId,
  ]);
  return list;
}

function digest(salt: string, receipts: readonly Receipt[]): string {
  const rows = receipts.map(({ line, paidOn, payee, purpose, amount: { cents, currency } }) => {
    return [line, paidOn, payee, purpose, cents, currency];
  });
  return createHash('sha256')
    .update(`${salt} ${JSON.stringify(rows)}`)
    .digest('hex');
}
