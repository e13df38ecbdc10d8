import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ErasedRows } from './contact.events';

/** What is held of a contact person. Nowhere but here, and in the answers to those who may read it. */
export interface PersonalData {
  readonly name: string;
  readonly email?: string;
  readonly phone?: string;
  /** When to call, which language to speak, and the like. */
  readonly note?: string;
}

const TABLE = 'personal_data';

/**
 * The one place where personal data lie: the table `personal_data`, a row for each contact. It does not follow from the
 * log, no projection writes it, no rebuild touches it. Values go into statements as parameters and stand in no error.
 *
 * Log and vault are two stores, so each write here follows an event that is in the log already, and the row decides
 * between writes that come late, twice or in the wrong order: the highest revision wins, and what is erased stays
 * erased. What remains of an erased row is its id, without which a late write could not be told from a first one.
 */
@Injectable()
export class PersonalDataVault {
  constructor(private readonly database: DataSource) {}

  /**
   * Holds this of the contact, as the event at that revision of its stream accounts for. Nothing changes when something
   * newer is held; `'erased'` when it has been erased meanwhile.
   */
  async keep(contactId: string, revision: bigint, data: PersonalData): Promise<'kept' | 'erased'> {
    const { name, email, phone, note } = data;
    await this.database.query(
      `INSERT INTO ${TABLE} AS held (contact_id, revision, name, email, phone, note) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (contact_id) DO UPDATE SET
         revision = excluded.revision, name = excluded.name, email = excluded.email, phone = excluded.phone, note = excluded.note
       WHERE held.erased_rows IS NULL AND held.revision < excluded.revision`,
      [contactId, String(revision), name, email === undefined ? null : comparable(email), phone, note],
    );
    return (await this.erasedRows(contactId)) === undefined ? 'kept' : 'erased';
  }

  /** What is held of the contact; `undefined` when nothing is. Only for reads that are in the log. */
  async read(contactId: string): Promise<PersonalData | undefined> {
    const [row] = await this.database.query<Row[]>(
      `SELECT name, email, phone, note FROM ${TABLE} WHERE contact_id = $1 AND erased_rows IS NULL`,
      [contactId],
    );
    if (row === undefined) return undefined;
    const { name, email, phone, note } = row;
    return { name, email: email ?? undefined, phone: phone ?? undefined, note: note ?? undefined };
  }

  /** The contacts that hold data of whoever has this e-mail address, in whatever case it is written. */
  async contactsOf(email: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ contact_id: string }[]>(
      `SELECT contact_id FROM ${TABLE} WHERE email = $1 ORDER BY contact_id`,
      [comparable(email)],
    );
    return rows.map((row) => row.contact_id);
  }

  /** Erases what is held, and whatever would come later. A repeat changes nothing and tells the same. */
  async erase(contactId: string): Promise<readonly ErasedRows[]> {
    await this.database.query(
      `INSERT INTO ${TABLE} AS held (contact_id, erased_rows) VALUES ($1, 0)
       ON CONFLICT (contact_id) DO UPDATE SET
         revision = NULL, name = NULL, email = NULL, phone = NULL, note = NULL, erased_rows = 1
       WHERE held.erased_rows IS NULL`,
      [contactId],
    );
    const rows = await this.erasedRows(contactId);
    if (rows === undefined) throw new Error(`The row of contact ${contactId} is still there.`);
    return [{ table: TABLE, rows }];
  }

  /** How many rows were erased of the contact; `undefined` when it is not erased. */
  private async erasedRows(contactId: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ erased_rows: number | null }[]>(
      `SELECT erased_rows FROM ${TABLE} WHERE contact_id = $1`,
      [contactId],
    );
    return row?.erased_rows ?? undefined;
  }
}

interface Row {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly note: string | null;
}

/** One spelling of an address, by which a person is found again. */
function comparable(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
