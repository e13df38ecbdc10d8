import { MovableClock } from './movable-clock';

const HOUR_MS = 3_600_000;

describe('a movable clock', () => {
  it('tells the time that it was moved to, and goes on from there', () => {
    const clock = new MovableClock();
    const before = clock.now().getTime();
    clock.moveAhead(HOUR_MS);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(HOUR_MS);
  });

  it('wakes who has slept long enough by that, and nobody else', async () => {
    const clock = new MovableClock();
    const stop = new AbortController();
    const woken: string[] = [];
    const short = clock.sleep(HOUR_MS).then(() => woken.push('short'));
    const long = clock.sleep(3 * HOUR_MS, stop.signal).then(() => woken.push('long'));
    clock.moveAhead(HOUR_MS);
    await short;
    expect(woken).toEqual(['short']);
    stop.abort();
    await long;
    expect(woken).toEqual(['short', 'long']);
  });
});
