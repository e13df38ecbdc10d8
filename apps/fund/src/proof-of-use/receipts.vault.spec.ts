import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { connectDatabase, migrate } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { fund } from '../fund.module';
import { euros } from '../grant/grant.given';
import { type Receipt, ReceiptRow, ReceiptsVault, receiptOf } from './receipts.vault';

let testDatabase: TestDatabase;
let database: DataSource;
let vault: ReceiptsVault;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: fund.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [ReceiptRow] });
  vault = new ReceiptsVault(database);
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const receipt = (payee: string): Receipt => ({
  line: 'staff',
  paidOn: '2026-05-01',
  payee,
  purpose: 'Honorar',
  amount: euros(1),
});
const [first, second] = [[receipt('Käthe'), receipt('Oleh')], [receipt('Sofia')]] as const;
const all = { order: [], limit: 50 };
const payees = async (reportId: string, version: number) =>
  (await vault.read(reportId, version, all))?.items.map(({ payee }) => payee);

describe('receipts in the vault', () => {
  it('have a digest that is the same for the same of one report, and for nothing else', async () => {
    const [one, another] = [randomUUID(), randomUUID()];
    const digest = await vault.digestOf(one, first);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await vault.digestOf(one, first)).toBe(digest);
    expect(await vault.digestOf(one, first.toReversed())).not.toBe(digest);
    expect(await vault.digestOf(another, first)).not.toBe(digest);
    expect(await vault.digestHeld(one, 1)).toBeUndefined();
    await vault.keep(one, 1, first);
    expect(await vault.digestHeld(one, 1)).toBe(digest);
    expect(await vault.digestHeld(one, 2)).toBeUndefined();
    expect((await vault.read(one, 1, all))?.items.map(receiptOf)).toEqual(first);
  });

  it.each([
    ['in order', [1, 2]],
    ['in the wrong order', [2, 1]],
    ['twice', [1, 1, 2, 2, 1]],
  ])('are those of the highest version, when they are written %s', async (_, versions) => {
    const reportId = randomUUID();
    await vault.digestOf(reportId, first);
    await Promise.all(
      versions.map(async (version) => {
        expect(await vault.keep(reportId, version, version === 1 ? first : second)).toBe('kept');
      }),
    );
    expect(await payees(reportId, 1)).toBeUndefined();
    expect(await payees(reportId, 2)).toEqual(['Sofia']);
  });

  it('stay erased, also when a write comes late, and when nothing ever was written', async () => {
    const [reportId, empty] = [randomUUID(), randomUUID()];
    await vault.digestOf(reportId, first);
    await vault.keep(reportId, 1, first);
    for (const id of [reportId, reportId, empty]) await vault.erase(id);
    for (const id of [reportId, empty]) {
      expect(await vault.keep(id, 2, second)).toBe('erased');
      expect(await vault.digestOf(id, second)).toBeUndefined();
      expect(await payees(id, 2)).toBeUndefined();
    }
    expect(await database.query('SELECT salt FROM receipt_list WHERE report_id = $1', [reportId])).toEqual([
      { salt: null },
    ]);
  });
});
