import { setTimeout as sleep } from 'node:timers/promises';
import { buildProblem } from './build-problem';
import type { RoundInputs } from './round-inputs';
import { randomInputs } from './round-inputs.given';
import { textOfInputs } from './round-inputs-text';
import { roundResult } from './round-result';
import { RoundThread } from './round-thread.worker';
import { sha256 } from './sha256.worker';
import { solveWeeks } from './solve-weeks';

const small = randomInputs(1, { needs: 40, offers: 20 });
/** Takes long enough to be stopped in the midst of it. */
const large: RoundInputs = (() => {
  const inputs = randomInputs(2, { needs: 600, offers: 400 });
  return { ...inputs, settings: { ...inputs.settings, lastWeek: '2026-W20' } };
})();
const unlimited = { timeLimitMs: 60_000 };

function resultHere(inputs: RoundInputs) {
  const built = buildProblem(inputs);
  return roundResult(inputs, built, solveWeeks(built.problem), sha256);
}

describe('The thread of rounds', () => {
  let thread: RoundThread;
  beforeEach(() => {
    thread = new RoundThread();
  });
  afterEach(() => thread.close());

  const threadId = () => thread['worker']?.threadId;
  const run = (inputs: RoundInputs, options: Parameters<RoundThread['run']>[1] = unlimited) =>
    thread.run(textOfInputs(inputs), options);

  it('gives what comes of the round here, and tells how far it is', async () => {
    const running = run(small);
    expect(await running.result).toEqual(resultHere(small));
    expect(running.weeksDone()).toBe(4);
  });

  it('is kept for the next round, and begins with the first one', async () => {
    expect(threadId()).toBeUndefined();
    const first = await run(small).result;
    const id = threadId();
    expect(id).toBeDefined();
    expect(await run(small).result).toEqual(first);
    expect(threadId()).toBe(id);
  });

  it('takes rounds in their turns, each with its own result and its own stop', async () => {
    const other = randomInputs(3, { needs: 30, offers: 30 });
    const stopped = new AbortController();
    const running = [run(small), run(large, { ...unlimited, signal: stopped.signal }), run(other)];
    stopped.abort();
    const [first, second, third] = await Promise.all(running.map(({ result }) => result));
    expect(first).toEqual(resultHere(small));
    expect(second?.solved.weeks.every(({ isOptimal }) => isOptimal)).toBe(false);
    expect(third).toEqual(resultHere(other));
  });

  it('lets the service go on, and stops when it is told to, with what it has', async () => {
    const abort = new AbortController();
    const running = run(large, { ...unlimited, signal: abort.signal });
    let turns = 0;
    for (; running.weeksDone() === 0; turns += 1) await sleep(1);
    abort.abort();
    const { weeks } = (await running.result).solved;
    expect(turns).toBeGreaterThan(10);
    expect(weeks.at(0)?.isOptimal).toBe(true);
    expect(weeks.some(({ isOptimal }) => !isOptimal)).toBe(true);
    expect([weeks.at(0)?.from, weeks.at(-1)?.to]).toEqual(['2026-W15', '2026-W20']);
  });

  it('stops at its time limit, with a bound above what it has', async () => {
    const { weeks } = (await run(large, { timeLimitMs: 1 }).result).solved;
    const last = weeks.find(({ isOptimal }) => !isOptimal);
    expect(last?.bound).toBeGreaterThan(last?.objective ?? Infinity);
  });

  it('fails with the one round that it dies of, and says why; the next one has a thread of its own', async () => {
    await run(small).result;
    const before = threadId();
    const [broken, next] = [thread.run('{"needs":[],"offers":[]}', unlimited), run(small)];
    await expect(broken.result).rejects.toThrow(/settings|undefined/);
    expect(await next.result).toEqual(resultHere(small));
    expect(threadId()).not.toBe(before);
  });

  it('begins anew when it died of itself between two rounds', async () => {
    await run(small).result;
    await thread['worker']?.terminate();
    expect(await run(small).result).toEqual(resultHere(small));
  });

  it('ends with the service, and with it the round that is in it', async () => {
    const running = run(large);
    const failed = expect(running.result).rejects.toThrow('The thread of rounds ended');
    while (running.weeksDone() === 0) await sleep(1);
    await thread.close();
    await failed;
  });
});
