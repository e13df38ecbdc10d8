import { connectDatabase } from '@alliance/read-models';
import { indexedOrganisation, likeOrganisations, registry, RegistrySettings } from '@alliance/registry';
import type { DataSource } from 'typeorm';
import { type Benchmark, concurrently, percentile, spreadOf, timed } from './measure';
import { startDetectingRegistry } from './duplicates/detecting-registry';
import { population, type Written } from './duplicates/population';
import { application, qualityOf } from './duplicates/registered';
import { withEventStore, withPostgres } from './world';

const RECORDS = 20_000;
const DUPLICATES = 1000;
/** Sets that the weights were never looked at with. */
const SEED = 20_220_224;
const CHECKS = 500;
const WARM_UP_CHECKS = 50;
const BATCH = 500;
const AT_ONCE = 4;
const PROGRESS_EVERY = 4000;

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

/**
 * As the service does it, on its own tables in a real Postgres: its projection indexes what was applied for, in batches,
 * and what its reactor looks up for each organisation is judged by its own threshold. Only the log is left
 * out, whose way adds nothing to what is found. Then the index is asked by HTTP.
 */
function detect(progress: (line: string) => void): Promise<Detection> {
  return withPostgres(async (newDatabase) => {
    const url = await newDatabase();
    const records = population({ seed: SEED, records: RECORDS, duplicates: DUPLICATES });
    const database = await connectDatabase({ url, entities: [...registry.entities] });
    try {
      const indexing = await timed(() => indexAll(database, records, progress));
      const pairs: (readonly string[])[] = [];
      const comparing = await timed(async () => {
        pairs.push(...(await findAlike(database, records, progress)));
      });
      const quality = qualityOf(records, pairs);
      progress(`recall ${quality.recall.toFixed(3)}, precision ${quality.precision.toFixed(3)}`);
      const organisationsPerSecond = RECORDS / (indexing + comparing);
      progress(`indexed and compared ${organisationsPerSecond.toFixed(0)} organisations a second`);
      const checkMs = await checkByHttp(url);
      const [median, p99] = [percentile(checkMs, 0.5), percentile(checkMs, 0.99)];
      progress(`check of a newcomer: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
      return { ...quality, organisationsPerSecond, checkMs };
    } finally {
      await database.destroy();
    }
  });
}

async function indexAll(database: DataSource, records: readonly Written[], progress: (line: string) => void) {
  const projection = registry.projections.find(({ name }) => name === 'fingerprint-index');
  if (projection === undefined) throw new Error('The registry has no projection fingerprint-index.');
  for (let from = 0; from < records.length; from += BATCH) {
    const events = records.slice(from, from + BATCH).map(application);
    await database.transaction((tx) => projection.apply(tx, events));
    if ((from + BATCH) % PROGRESS_EVERY === 0) progress(`indexed ${from + BATCH} of ${records.length} organisations`);
  }
}

/** The pairs that would be recorded, by the ids of their organisations. */
async function findAlike(database: DataSource, records: readonly Written[], progress: (line: string) => void) {
  const { duplicateScorePercent } = new RegistrySettings();
  const pairs: (readonly string[])[] = [];
  let looked = 0;
  await concurrently(records.length, AT_ONCE, async (index) => {
    const { id } = records[index]!;
    const indexed = await indexedOrganisation(database, id);
    if (indexed === undefined) throw new Error(`The organisation ${id} is not in the index.`);
    for (const { organisationId, score } of await likeOrganisations(database, indexed.fingerprint, id)) {
      if (score * 100 >= duplicateScorePercent) pairs.push([id, organisationId]);
    }
    looked += 1;
    if (looked % PROGRESS_EVERY === 0) progress(`looked for duplicates of ${looked} of ${records.length}`);
  });
  return pairs;
}

/** Milliseconds of each check, one after the other; the first ones, by which code gets hot, are not counted. */
function checkByHttp(databaseUrl: string): Promise<readonly number[]> {
  return withEventStore(async (eventStoreUrl) => {
    const service = await startDetectingRegistry(eventStoreUrl, databaseUrl, 'http');
    try {
      const checkMs: number[] = [];
      const newcomers = population({ seed: SEED + 1, records: WARM_UP_CHECKS + CHECKS, duplicates: 0 });
      for (const { facts } of newcomers) {
        const { name, legalForm, regionKey, identifiers, website, address } = facts;
        const body = { name, legalForm, regionKey, identifiers, website, address };
        const startedAt = performance.now();
        const answer = await service.coordinator.post('/registry/duplicate-checks', body);
        checkMs.push(performance.now() - startedAt);
        if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return checkMs.slice(WARM_UP_CHECKS);
    } finally {
      await service.stop();
    }
  });
}

const duplicatesRecall: Benchmark = {
  name: 'duplicates-recall',
  measure: `duplicates found through index and comparison, of ${DUPLICATES} planted among ${RECORDS} organisations`,
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
