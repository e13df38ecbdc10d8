import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import loadHighs from 'highs';
import { solveByHighs } from './matching/by-highs';
import { addNeed, networkOf, provedObjective, solveByNetwork } from './matching/by-network';
import { gainsOf, type Objective } from './matching/gains';
import { generatedTransport } from './matching/generated-transport';
import { type Benchmark, compare, type Side, spreadOf, timed } from './measure';

interface Size {
  readonly needs: number;
  readonly offers: number;
}

const smaller: readonly Size[] = [
  { needs: 200, offers: 100 },
  { needs: 1000, offers: 500 },
];
const usual: Size = { needs: 5000, offers: 2000 };
const largest: Size = { needs: 20_000, offers: 8000 };
const objectives: readonly Objective[] = ['plain', 'classes'];
const SEED = 20_220_307;
/** Until the code is compiled hot. */
const WARM_UP_SOLVES = 15;
const SOLVES_A_ROUND = 5;
const NEW_NEEDS = 100;
const SCRATCH_EVERY = 5;

function instance({ needs, offers }: Size, objective: Objective) {
  const transport = generatedTransport(needs, offers, SEED);
  return { transport, gains: gainsOf(transport, objective) };
}

/** Solves so many times with the model's building, and keeps what was gained. */
function solving(solve: () => number, times: number, gained: number[]): Side {
  return async () => {
    const seconds = await timed(async () => {
      for (let at = 0; at < times; at += 1) gained.push(solve());
    });
    return { seconds, units: times };
  };
}

function byNetwork(size: Size, objective: Objective): () => number {
  const { transport, gains } = instance(size, objective);
  return () => solveByNetwork(transport, gains).objective();
}

function warmUp(solve: () => number): void {
  for (let at = 0; at < WARM_UP_SOLVES; at += 1) solve();
}

function against(objective: Objective, { bar, aim, rounds }: { bar: number; aim: number; rounds: number }): Benchmark {
  return {
    name: `matching-${objective}`,
    measure: `match ${usual.needs} needs with ${usual.offers} offers (${objective}), against HiGHS in WebAssembly`,
    unit: '×',
    better: 'higher',
    bar,
    aim,
    run: async (progress) => {
      const highs = await loadHighs();
      const comparing = (size: Size, options: { rounds: number; warmUpRounds: number }) => {
        progress(`${size.needs} needs and ${size.offers} offers:`);
        const { transport, gains } = instance(size, objective);
        const ours = () => solveByNetwork(transport, gains);
        const gained = [provedObjective(ours())];
        const outcome = compare(
          {
            ours: solving(() => ours().objective(), SOLVES_A_ROUND, gained),
            bare: solving(() => solveByHighs(highs, transport, gains), 1, gained),
            ...options,
          },
          progress,
        );
        return outcome.finally(() => assertOneGain(gained));
      };
      // What both run gets hot on the smaller ones.
      for (const size of smaller) await comparing(size, { rounds: 3, warmUpRounds: 1 });
      return comparing(usual, { rounds, warmUpRounds: 0 });
    },
  };
}

function assertOneGain(gained: readonly number[]): void {
  if (new Set(gained).size !== 1) throw new Error(`What was gained differs: ${[...new Set(gained)].join(', ')}.`);
}

const growth: Benchmark = {
  name: 'matching-growth',
  measure: `time to match ${largest.needs} with ${largest.offers}, divided by that for ${usual.needs} with ${usual.offers}`,
  unit: '×',
  better: 'lower',
  bar: 10,
  aim: 5,
  run: async (progress) => {
    const raw: Record<string, unknown> = {};
    const ratios: number[] = [];
    for (const objective of objectives) {
      const [few, many] = [byNetwork(usual, objective), byNetwork(largest, objective)];
      warmUp(few);
      many();
      const rounds: { few: number; many: number }[] = [];
      for (let round = 0; round < 7; round += 1) {
        const seconds = { few: await timed(async () => void few()), many: await timed(async () => void many()) };
        rounds.push(seconds);
        ratios.push(seconds.many / seconds.few);
      }
      raw[objective] = rounds;
      const median = (key: 'few' | 'many') => (1000 * spreadOf(rounds.map((round) => round[key])).median).toFixed(0);
      progress(`${objective}: ${median('few')} ms, ${median('many')} ms`);
    }
    return { spread: spreadOf(ratios), raw };
  },
};

const newNeed: Benchmark = {
  name: 'matching-new-need',
  measure: `match one need more among ${usual.needs} (classes), against all of them from scratch`,
  unit: '×',
  better: 'higher',
  bar: 15,
  aim: 50,
  run: async (progress) => {
    const { transport, gains } = instance(usual, 'classes');
    warmUp(() => solveByNetwork(transport, gains).objective());
    const before = usual.needs - NEW_NEEDS;
    const { network, offers, pairs } = networkOf(transport, gains, before);
    network.solve();
    let pair = pairs;
    const [anew, more]: [number[], number[]] = [[], []];
    for (let at = before; at < usual.needs; at += 1) {
      const seconds = await timed(async () => {
        pair = addNeed(network, offers, transport, gains, at, pair);
        network.solve();
      });
      more.push(1000 * seconds);
      if ((at + 1) % SCRATCH_EVERY !== 0) continue;
      let gained = 0;
      const all = await timed(async () => {
        const scratch = networkOf(transport, gains, at + 1).network;
        scratch.solve();
        gained = scratch.objective();
      });
      anew.push(1000 * all);
      assertOneGain([gained, provedObjective(network)]);
    }
    const [scratch, increment] = [spreadOf(anew), spreadOf(more)];
    progress(`${scratch.median.toFixed(1)} ms from scratch; one more: ${increment.median.toFixed(2)} ms`);
    return { spread: spreadOf(more.map((ms) => scratch.median / ms)), raw: { anew, more } };
  },
};

const memory: Benchmark = {
  name: 'matching-memory',
  measure: `most memory of a process that matches ${largest.needs} needs with ${largest.offers} offers (classes)`,
  unit: 'MB',
  better: 'lower',
  bar: 200,
  aim: 150,
  run: async () => {
    const program = join(__dirname, 'matching', 'solve-largest', 'main.js');
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      ...[largest.needs, largest.offers, SEED].map(String),
    ]);
    return { spread: spreadOf([Number(stdout)]), raw: { megabytes: Number(stdout) } };
  },
};

export const matchingBenchmarks: readonly Benchmark[] = [
  against('plain', { bar: 15, aim: 20, rounds: 15 }),
  against('classes', { bar: 100, aim: 150, rounds: 2 }),
  growth,
  newNeed,
  memory,
];
