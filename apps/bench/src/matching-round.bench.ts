import { addWeeks, berlinDayOf, weekOf } from '@alliance/calendar';
import { buildProblem, capacityMatching, DEFAULT_WEIGHTS, solveWeeks } from '@alliance/capacity-matching';
import { matchingRoundEvents, needEvents, offerEvents } from '@alliance/capacity-matching/events';
import { startEmbeddedPostgres } from '@alliance/embedded';
import { connectDatabase } from '@alliance/read-models';
import { type Caller, ServiceWorld } from '@alliance/service-world';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatedMarket, type GeneratedMarket } from './matching/generated-market';
import { type Benchmark, spreadOf, timed } from './measure';
import { withFolder } from './world';

const [NEEDS, OFFERS, WEEKS] = [5000, 2000, 8];
const SEED = 20_220_307;
const ROUNDS = 3;
const WARM_UP_SOLVES = 10;
const WARM_UP_ROUNDS = 5;
/** Of the rounds that warm up: so different scores that nothing of their solution is of use for the round that counts. */
const OTHER_WEIGHTS = { fit: 0, date: 1, strain: 0, waiting: 0, load: 0, distance: 0, shortage: 0 };
const AT_A_TIME = 64;

const coordinator: Caller = { subject: 'coordinator-1', role: 'coordinator' };

/**
 * A whole round, as a coordinator waits for it, against the solver alone on the same problem in the same run. Both are warm:
 * a service runs for weeks, so that its first round is not what is measured.
 */
export const matchingRoundBenchmark: Benchmark = {
  name: 'matching-round',
  measure: `a whole round over ${NEEDS} needs and ${OFFERS} offers, from its request to its recorded result, divided by the solver alone`,
  unit: '×',
  better: 'lower',
  bar: 20,
  aim: 10,
  run: async (progress) => {
    const market = generatedMarket(NEEDS, OFFERS, SEED);
    const ratios: number[] = [];
    const raw: object[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const solver = await solverAlone(market, progress);
      const whole = await wholeRound(market, progress);
      progress(
        `round ${round + 1}/${ROUNDS}: ${(1000 * whole).toFixed(0)} ms, the solver ${(1000 * solver).toFixed(0)} ms`,
      );
      ratios.push(whole / solver);
      raw.push({ whole, solver });
    }
    return { spread: spreadOf(ratios), raw };
  },
};

/** Seconds of one solve, once the code is compiled hot; the problem is built beforehand. */
async function solverAlone({ offers, needs }: GeneratedMarket, progress: (line: string) => void): Promise<number> {
  const today = berlinDayOf(new Date().toISOString());
  const [offer] = offers;
  if (offer === undefined) throw new Error('There is nothing to match.');
  const firstWeek = weekOf(offer.facts.from);
  const settings = {
    ...{ today, firstWeek, lastWeek: addWeeks(firstWeek, WEEKS - 1), weights: DEFAULT_WEIGHTS },
    ...{ waitingFullDays: 60, loadFullPeople: 50, holdHours: 72 },
  };
  const { problem } = buildProblem({ offers, needs, settings, shortages: [], pausedOrganisationIds: [] });
  progress(`${(problem.pairNeed.length / NEEDS).toFixed(1)} feasible pairs a need`);
  for (let at = 0; at < WARM_UP_SOLVES; at += 1) solveWeeks(problem);
  const seconds: number[] = [];
  for (let at = 0; at < 5; at += 1) seconds.push(await timed(async () => void solveWeeks(problem)));
  return spreadOf(seconds).median;
}

/**
 * Seconds from the request to the result in the log, of a service that is warm and has its read models at hand. What follows
 * from a result is another process's work, so that all rounds see the same.
 */
function wholeRound(market: GeneratedMarket, progress: (line: string) => void): Promise<number> {
  return withFolder(async (dataDir) => {
    const postgres = await startEmbeddedPostgres({ dataDir });
    process.env['TEST_POSTGRES_URL'] = postgres.url('postgres');
    const world = await ServiceWorld.start(capacityMatching, { ROLES: 'http,projector' });
    try {
      progress('planting needs and offers');
      const position = await plant(world, market);
      for (const list of ['offers', 'needs']) await caughtUp(world, `/${list}?limit=1`, position);
      await atRest(world);
      progress('warming up');
      for (let at = 0; at < WARM_UP_ROUNDS; at += 1)
        await concluded(world, await requestRound(world, { weeks: WEEKS, weights: OTHER_WEIGHTS }));
      await atRest(world);
      let roundId = '';
      const seconds = await timed(async () => {
        roundId = await requestRound(world, { weeks: WEEKS });
        await concluded(world, roundId);
      });
      while ((await roundNow(world, roundId)).status === 'running') await sleep(50);
      const { status, solution } = await roundNow(world, roundId);
      if (status !== 'solved') throw new Error(`The round ended as ${status}.`);
      progress(`${solution?.proposals} proposals of ${solution?.pairs} pairs`);
      return seconds;
    } finally {
      await world.stop();
      await postgres.stop();
    }
  });
}

/** Waits until no follower of the service moves any more: what the planting has left to do is no part of a round. */
async function atRest(world: ServiceWorld): Promise<void> {
  const database = await connectDatabase({ url: world.database.url, entities: [] });
  const positions = () => database.query<object[]>('SELECT * FROM checkpoint ORDER BY follower');
  let [before, now] = ['', JSON.stringify(await positions())];
  while (before !== now) {
    await sleep(1000);
    [before, now] = [now, JSON.stringify(await positions())];
  }
  await database.destroy();
}

async function requestRound(world: ServiceWorld, request: object): Promise<string> {
  const requested = await world.post('/rounds', request, coordinator);
  return (requested.body as { readonly roundId: string }).roundId;
}

/** Waits until the round's result is in the log. */
async function concluded(world: ServiceWorld, roundId: string): Promise<void> {
  const streamName = matchingRoundEvents.category.streamName(roundId);
  for (let fromRevision = 0n; ; await sleep(5)) {
    for await (const { type, revision } of world.store.readStream(streamName, matchingRoundEvents, { fromRevision })) {
      if (type === 'RoundSolved') return;
      if (type === 'RoundStopped') throw new Error('The round was stopped.');
      fromRevision = revision + 1n;
    }
  }
}

interface RoundNow {
  readonly status: string;
  readonly solution?: { readonly proposals: number; readonly pairs: number };
}

async function roundNow(world: ServiceWorld, roundId: string): Promise<RoundNow> {
  const answer = await world.get(`/rounds/${roundId}`, coordinator);
  return answer.status === 404 ? { status: 'running' } : (answer.body as RoundNow);
}

async function caughtUp(world: ServiceWorld, path: string, position: string): Promise<void> {
  while ((await world.get(path, coordinator, { 'min-position': position })).status !== 200) await sleep(100);
}

/** Without the consumer of what the registry publishes, which follows from nothing here. */
async function admit(world: ServiceWorld, ids: readonly string[]): Promise<void> {
  const database = await connectDatabase({ url: world.database.url, entities: [] });
  await database.query(
    `INSERT INTO known_organisation (id, name, kind, status, since)
     SELECT id, 'Organisation', 'civil-society', 'admitted', now() FROM unnest(CAST($1 AS uuid[])) AS id`,
    [ids],
  );
  await database.destroy();
}

/** Gives the position of the last event. */
async function plant(world: ServiceWorld, { offers, needs }: GeneratedMarket): Promise<string> {
  await admit(world, [...new Set([...offers, ...needs].map(({ organisationId }) => organisationId))]);
  const streams = [
    ...offers.map(({ id, organisationId, facts }) => () => {
      const data = { organisationId, facts, publishedBy: 'planted' };
      return world.plant(offerEvents, id, [{ type: 'OfferPublished', data }]);
    }),
    ...needs.map(({ id, organisationId, facts }) => () => {
      const data = { organisationId, facts, openedBy: 'planted' };
      return world.plant(needEvents, id, [{ type: 'NeedOpened', data }]);
    }),
  ];
  let last = '';
  for (let at = 0; at < streams.length; at += AT_A_TIME) {
    const positions = await Promise.all(streams.slice(at, at + AT_A_TIME).map((write) => write()));
    last = positions.reduce((a, b) => (commitOf(a) > commitOf(b) ? a : b));
  }
  return last;
}

function commitOf(position: string): bigint {
  return BigInt(position.split('/')[0] ?? '0');
}
