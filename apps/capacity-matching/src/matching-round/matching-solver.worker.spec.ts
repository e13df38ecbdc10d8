import { setTimeout as sleep } from 'node:timers/promises';
import { randomProblem } from './random-problem.given';
import { solveInWorker } from './matching-solver.worker';
import { solveWeeks } from './solve-weeks';

const shape = { density: 40, hasBlocks: false, hasLimits: false };
const small = randomProblem(1, { ...shape, needs: 20, offers: 10, weeks: 4 });
/** Takes seconds. */
const large = randomProblem(2, { ...shape, needs: 1500, offers: 600, weeks: 8 });

describe('The thread of the solver', () => {
  it('gives what solving here gives, and tells how far it is', async () => {
    const solve = solveInWorker(small, { timeLimitMs: 60_000 });
    expect(await solve.result).toEqual(solveWeeks(small));
    expect(solve.weeksDone()).toBe(4);
  });

  it('lets the service go on, and stops when it is told to, with what it has', async () => {
    const abort = new AbortController();
    const solve = solveInWorker(large, { timeLimitMs: 60_000, signal: abort.signal });
    let turns = 0;
    for (; turns < 10; turns += 1) await sleep(10);
    expect(solve.weeksDone()).toBeLessThan(8);
    abort.abort();
    const solved = await solve.result;
    expect(solved.at(-1)?.isOptimal).toBe(false);
    expect(solved.flatMap(({ weeks }) => weeks)).toHaveLength(8);
  });

  it('stops at its time limit, with a bound above what it has', async () => {
    const solved = await solveInWorker(large, { timeLimitMs: 1 }).result;
    const last = solved.at(-1);
    expect(last?.isOptimal).toBe(false);
    expect(last?.bound).toBeGreaterThan(last?.objective ?? Infinity);
  });

  it('tells why it failed', async () => {
    const broken = { ...small, needIds: [] };
    await expect(solveInWorker(broken, { timeLimitMs: 1000 }).result).rejects.toThrow();
  });
});
