import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { systemClock } from '@alliance/event-sourcing';
import { DataSource } from 'typeorm';
import { eventually } from '../testing/consumer-database';
import { cutOffLeases } from '../testing/cut-off-leases';
import { advisoryLockLease } from './advisory-lock-lease';

let database: TestDatabase;
let admin: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await new DataSource({ type: 'postgres', url: database.url }).initialize();
});
afterAll(async () => {
  await admin.destroy();
  await database.drop();
});

const leaseOf = (name: string) => advisoryLockLease({ url: database.url, name, clock: systemClock });
const never = new AbortController().signal;

describe('A lease', () => {
  it('is held by one at a time, and goes to the next when it is released', async () => {
    const held = await leaseOf('relay').acquire(never);
    let second: unknown;
    const waiting = leaseOf('relay')
      .acquire(never)
      .then((lease) => (second = lease));
    await systemClock.sleep(100);
    expect(second).toBeUndefined();
    await held?.release();
    const next = await waiting;
    expect(next).toBeDefined();
    await next?.release();
  });

  it('is another one under another name', async () => {
    const leases = await Promise.all(['one', 'two'].map((name) => leaseOf(name).acquire(never)));
    expect(leases.every((lease) => lease !== undefined && !lease.lost.aborted)).toBe(true);
    for (const lease of leases) await lease?.release();
  });

  it('is lost at once with its connection, and then free', async () => {
    const held = await leaseOf('relay').acquire(never);
    await cutOffLeases(admin);
    await eventually(() => held?.lost.aborted ?? false);
    const next = await leaseOf('relay').acquire(never);
    expect(next?.lost.aborted).toBe(false);
    await next?.release();
    await held?.release();
  });

  it('is not waited for any longer when the signal aborts', async () => {
    const held = await leaseOf('relay').acquire(never);
    const stopping = new AbortController();
    const waiting = leaseOf('relay').acquire(stopping.signal);
    await systemClock.sleep(20);
    stopping.abort();
    expect(await waiting).toBeUndefined();
    await held?.release();
  });
});
