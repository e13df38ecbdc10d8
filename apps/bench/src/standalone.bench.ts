import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, NodeProcess } from '@alliance/journeys';
import { type Benchmark, spreadOf, timed } from './measure';
import { withFolder } from './world';

const STARTS = 5;
const IDLE_SECONDS = 5;

export const startBenchmark: Benchmark = {
  name: 'standalone-start',
  measure: 'standalone: seconds from the start of the process to ready, on a folder that has data',
  unit: 's',
  better: 'lower',
  bar: 6,
  aim: 3,
  run: async (progress) => {
    const figures = await withFolder(async (dataDir) => {
      const first = await secondsToReady(dataDir);
      progress(`first start, on an empty folder: ${first.toFixed(2)} s`);
      const later: number[] = [];
      for (let start = 0; start < STARTS; start += 1) later.push(await secondsToReady(dataDir));
      return { first, later };
    });
    return { spread: spreadOf(figures.later), raw: figures };
  },
};

export const memoryBenchmark: Benchmark = {
  name: 'standalone-memory',
  measure: 'standalone: resident memory when idle, Postgres with it, pages that processes share counted once',
  unit: 'MB',
  better: 'lower',
  bar: 450,
  aim: 300,
  run: (progress) =>
    withFolder((dataDir) =>
      withStandalone(dataDir, async ({ pid }) => {
        await new Promise((wake) => setTimeout(wake, IDLE_SECONDS * 1000));
        const byProcess = familyOf(pid).map((member) => ({ ...member, megabytes: residentMegabytes(member.pid) }));
        for (const { name, megabytes } of byProcess) progress(`${name}: ${megabytes.toFixed(0)} MB`);
        return { spread: spreadOf([byProcess.reduce((sum, { megabytes }) => sum + megabytes, 0)]), raw: byProcess };
      }),
    ),
};

async function secondsToReady(dataDir: string): Promise<number> {
  let seconds = Number.NaN;
  await withStandalone(dataDir, (_, readyAfter) => {
    seconds = readyAfter;
    return Promise.resolve();
  });
  return seconds;
}

/** Lends a standalone of its own process, ready. */
export async function withStandalone<Result>(
  dataDir: string,
  work: (standalone: NodeProcess, readyAfterSeconds: number, url: string) => Promise<Result>,
): Promise<Result> {
  const port = await freePort();
  const settings = { PORT: String(port), ALLIANCE_DATA_DIR: dataDir };
  const standalone = NodeProcess.start('apps/standalone/src/main.ts', [], settings);
  try {
    const url = `http://127.0.0.1:${port}`;
    const seconds = await timed(() => standalone.answers(`${url}/health/ready`));
    return await work(standalone, seconds, url);
  } finally {
    await standalone.stop();
  }
}

/** The process and all its descendants, from Linux's `/proc`. */
function familyOf(root: number): { readonly pid: number; readonly name: string }[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const [, name = '', parent = ''] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? [];
        return [{ pid: Number(entry), name, parent: Number(parent) }];
      } catch {
        return []; // It has ended since the folder was listed.
      }
    });
  const family = all.filter(({ pid }) => pid === root);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Proportional set size: shared pages, such as Postgres's buffers, are divided among those who share them. */
export function residentMegabytes(pid: number): number {
  const rollup = readFileSync(join('/proc', String(pid), 'smaps_rollup'), 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}
