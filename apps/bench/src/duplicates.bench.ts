import { type Benchmark, percentile, spreadOf, timed } from './measure';
import { startDetectingRegistry } from './duplicates/detecting-registry';
import { population } from './duplicates/population';
import { applyForAll, qualityOf } from './duplicates/registered';
import { withEventStore, withPostgres } from './world';

const RECORDS = 20_000;
const DUPLICATES = 1000;
/** Sets that the weights were never looked at with. */
const SEED = 20_220_224;
const CHECKS = 500;

/** What one run over the whole set shows: the three benchmarks are three looks at it. */
interface Detection {
  readonly recall: number;
  readonly precision: number;
  readonly organisationsPerSecond: number;
  readonly checkMs: readonly number[];
}

let detection: Promise<Detection> | undefined;
function detectOnce(progress: (line: string) => void): Promise<Detection> {
  detection ??= detect(progress);
  return detection;
}

/** From the applications in the log to the pairs in the list, as the service does it; and then checks by HTTP. */
function detect(progress: (line: string) => void): Promise<Detection> {
  return withEventStore((eventStoreUrl) =>
    withPostgres(async (newDatabase) => {
      const records = population({ seed: SEED, records: RECORDS, duplicates: DUPLICATES });
      progress(`writing ${RECORDS} applications, ${DUPLICATES} of them for organisations that have applied before`);
      const last = await applyForAll(eventStoreUrl, records);
      const registry = await startDetectingRegistry(eventStoreUrl, await newDatabase());
      try {
        const seconds = await timed(() => registry.detected(last));
        const quality = qualityOf(records, await registry.pairs());
        progress(`recall ${quality.recall.toFixed(3)}, precision ${quality.precision.toFixed(3)}`);
        progress(`indexed and compared ${(RECORDS / seconds).toFixed(0)} organisations a second`);
        const checkMs: number[] = [];
        for (const { facts } of population({ seed: SEED + 1, records: CHECKS, duplicates: 0 })) {
          const { name, legalForm, regionKey, identifiers, website, address } = facts;
          const startedAt = performance.now();
          const body = { name, legalForm, regionKey, identifiers, website, address };
          const answer = await registry.coordinator.post('/registry/duplicate-checks', body);
          checkMs.push(performance.now() - startedAt);
          if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
        }
        const [median, p99] = [percentile(checkMs, 0.5), percentile(checkMs, 0.99)];
        progress(`check of a newcomer: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
        return { ...quality, organisationsPerSecond: RECORDS / seconds, checkMs };
      } finally {
        await registry.stop();
      }
    }),
  );
}

const duplicatesRecall: Benchmark = {
  name: 'duplicates-recall',
  measure: `duplicates found, of ${DUPLICATES} planted among ${RECORDS} organisations`,
  unit: '%',
  better: 'higher',
  bar: 95,
  aim: 97,
  run: async (progress) => {
    const { recall, organisationsPerSecond } = await detectOnce(progress);
    return { spread: spreadOf([100 * recall]), raw: { recall, organisationsPerSecond } };
  },
};

const duplicatesPrecision: Benchmark = {
  name: 'duplicates-precision',
  measure: 'of the pairs that are shown as duplicates, those that are',
  unit: '%',
  better: 'higher',
  bar: 90,
  aim: 95,
  run: async (progress) => {
    const { precision } = await detectOnce(progress);
    return { spread: spreadOf([100 * precision]), raw: { precision } };
  },
};

const duplicatesCheck: Benchmark = {
  name: 'duplicates-check',
  measure: `check of a new organisation against ${RECORDS}, by HTTP, p99`,
  unit: 'ms',
  better: 'lower',
  bar: 50,
  aim: 20,
  run: async (progress) => {
    const { checkMs } = await detectOnce(progress);
    return { spread: spreadOf([percentile(checkMs, 0.99)]), raw: { medianMs: percentile(checkMs, 0.5), checkMs } };
  },
};

export const duplicateBenchmarks = [duplicatesRecall, duplicatesPrecision, duplicatesCheck] as const;
