import { systemClock } from './system-clock';

describe('system clock', () => {
  it('sleeps for the time it is told', async () => {
    const startedAt = process.hrtime.bigint();
    await systemClock.sleep(30);
    // Timers may fire up to a millisecond early.
    expect(Number(process.hrtime.bigint() - startedAt) / 1e6).toBeGreaterThanOrEqual(29);
  });

  it('wakes early, without throwing, when the signal aborts', async () => {
    const abort = new AbortController();
    const sleep = systemClock.sleep(1_000_000, abort.signal);
    abort.abort();
    await expect(sleep).resolves.toBeUndefined();
    await expect(systemClock.sleep(1_000_000, abort.signal)).resolves.toBeUndefined();
  });
});
