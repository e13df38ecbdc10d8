import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addWeeks, berlinDayOf, mondayOf } from '@alliance/calendar';
import { type CommandContext, MovableClock, type RecordedEvent } from '@alliance/event-sourcing';
import { type EventStore, StoreUnavailable } from '@alliance/event-store';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { auditor } from '@alliance/service-world';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { MatchingSettings } from './capacity-matching.config';
import { coordinator, MatchingWorld } from './capacity-matching.given';
import { capacityMatching } from './capacity-matching.module';
import { matchingRound } from './matching-round/matching-round.decider';
import { type DataOf, matchingRoundEvents } from './matching-round/matching-round.events';
import { firstWholeWeek, type RoundSettings } from './matching-round/round-inputs';
import { inputsOf, textOfInputs } from './matching-round/round-inputs-text';
import { roundSettings } from './matching-round/round-inputs.given';
import { RoundRunner } from './matching-round/round-runner.http';
import { needEvents, type NeedFacts } from './need/need.events';
import { needFacts } from './need/need.given';
import { offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';
import { RoundsLeftBehind } from './rounds-left-behind.reactor';
import { logUntilNow, replayRound, roundReplayCatalogues } from './round-replay';

/** What is said of so many needs that lack so much takes two pieces. */
const UNSERVED = 80;
const lacking = Array.from({ length: 40 }, (_, n) => ({ key: `a-skill-that-nobody-has-${n}`, level: 3 as const }));
const PIECES = 3;
const [GRACE_MS, TIME_LIMIT_MS] = [60_000, 20_000];

const clock = new MovableClock();
const [helping, supporting] = [randomUUID(), randomUUID()];
let world: MatchingWorld;
let database: DataSource;
let commands: CommandHandler;

const log = () => logUntilNow(world.store.log(roundReplayCatalogues), new AbortController().signal);
const today = () => berlinDayOf(clock.now().toISOString());
const window = () => {
  const monday = mondayOf(firstWholeWeek(today()));
  return { from: monday, until: addDays(monday, 40) };
};

beforeAll(async () => {
  world = await MatchingWorld.start({ ROUND_GRACE_MS: `${GRACE_MS}` }, clock);
  Logger.overrideLogger(false);
  database = await connectDatabase({ url: world.database.url, entities: [...capacityMatching.entities] });
  commands = new CommandHandler(world.store, new Metrics('capacity-matching'));
  await Promise.all([helping, supporting].map((id) => world.admit(id)));
  await Promise.all(['counselling', 'cooking', 'driving'].map((skill) => plantOffer(skill)));
  await Promise.all(Array.from({ length: UNSERVED }, () => plantNeed({ mustSkills: lacking })));
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.onModuleDestroy()));
  await database.destroy();
  await world.stop();
});

async function plantOffer(skill: string): Promise<string> {
  const facts = { ...offerFacts, ...window(), skills: [{ key: skill, level: 3 as const }], minutesPerWeek: 6000 };
  const data = { organisationId: supporting, facts, publishedBy: 'planted' };
  return world.plant(offerEvents, randomUUID(), [{ type: 'OfferPublished', data }]);
}

async function plantNeed(changed: Partial<NeedFacts> = {}): Promise<string> {
  const facts = { ...needFacts, ...window(), neededBy: addDays(today(), 7), minutesPerWeek: 120, ...changed };
  const data = { organisationId: helping, facts, openedBy: 'planted' };
  return world.plant(needEvents, randomUUID(), [{ type: 'NeedOpened', data }]);
}

/** What is thrown in a process that is no more. */
class Killed extends Error {}

const runners: RoundRunner[] = [];
function runnerWith(handler: CommandHandler): RoundRunner {
  const runner = new RoundRunner(handler, database, world.store, new MatchingSettings());
  runners.push(runner);
  return runner;
}

/** A process that can run rounds, but for what happens to its appends. */
function processThat(append: EventStore['append']): RoundRunner {
  const readStream = world.store.readStream.bind(world.store);
  return runnerWith(new CommandHandler({ append, readStream } as EventStore, new Metrics('capacity-matching')));
}

/** It is killed as soon as it has had so many answers. */
function processUntil(answers: number): RoundRunner {
  let left = answers;
  return processThat(async (...args) => {
    if (left === 0) throw new Killed();
    left -= 1;
    return world.store.append(...args);
  });
}
const ended = async (runner: RoundRunner, roundId: string) => {
  while (runner.progressOf(roundId) !== undefined) await sleep(10);
};

type Prepared = Awaited<ReturnType<RoundRunner['prepare']>>;

/** A round over all that is planted, and one need more that it can serve; its request is recorded, nothing else. */
async function requested(
  change: (prepared: Prepared) => Prepared = (prepared) => prepared,
  settings: Partial<RoundSettings> = {},
  timeLimitMs = TIME_LIMIT_MS,
) {
  const last = await plantNeed();
  await world.get('/needs', coordinator, { 'min-position': last });
  const firstWeek = firstWholeWeek(today());
  const weeks = { today: today(), firstWeek, lastWeek: addWeeks(firstWeek, 3) };
  const prepared = change(await processUntil(0).prepare({ ...roundSettings, ...weeks, ...settings }, timeLimitMs));
  const [roundId, commandId] = [randomUUID(), randomUUID()];
  const actor = { subject: 'coordinator-1', roles: ['coordinator'] };
  const at = clock.now().toISOString();
  const cause: CommandContext = { commandId, correlationId: commandId, causationId: commandId, actor, at };
  const { position } = await commands.handle(matchingRound, roundId, {
    ...{ type: 'RequestRound', data: prepared.request, context: cause },
  });
  return { roundId, prepared, cause, position: `${position?.commit}/${position?.prepare}` };
}
type Requested = Awaited<ReturnType<typeof requested>>;

/** The process that was asked for the round gets so many answers, and then is no more. */
async function dies({ roundId, prepared, cause }: Requested, answers: number): Promise<void> {
  const runner = processUntil(answers);
  runner.start(roundId, prepared, cause);
  await ended(runner, roundId);
}

const roundOf = async ({ roundId, position }: Requested) =>
  (await world.get(`/rounds/${roundId}`, auditor, { 'min-position': position })).body;

/** Time passes, and the clock of the service does the rest. */
async function comesToAnEnd(one: Requested) {
  clock.moveAhead(TIME_LIMIT_MS + GRACE_MS);
  while ((await roundOf(one)).status === 'running') {
    clock.moveAhead(5_000);
    await sleep(50);
  }
  return roundOf(one);
}
/** Of the round itself; what is left out of its proposals later is told at whatever moment. */
const told = async ({ roundId }: Requested): Promise<readonly RecordedEvent[]> =>
  (await world.events(matchingRoundEvents, roundId)).filter(({ type }) => type !== 'ProposalLeftOut');
const typesOf = async (one: Requested) => (await told(one)).map(({ type }) => type);
const WHOLE = ['RoundRequested', 'RoundProposed', 'RoundUnserved', 'RoundUnserved', 'RoundSolved'];

describe('A matching round that a crash has left behind', () => {
  it.each(Array.from({ length: PIECES + 1 }, (_, step) => step))(
    'is carried on, and comes to the result that it would have had (after %i pieces)',
    async (step) => {
      const one = await requested();
      await dies(one, step);
      expect(await typesOf(one)).toEqual(WHOLE.slice(0, 1 + step));
      expect(await comesToAnEnd(one)).toMatchObject({ status: 'solved', solution: { proposals: 1 } });
      expect(await typesOf(one)).toEqual(WHOLE);
      const replay = await replayRound(log(), one.roundId);
      expect(replay?.isOptimal).toBe(true);
      expect(replay?.replayed).toBe(replay?.recorded);
      const found = JSON.parse(replay?.recorded ?? '') as Record<'proposals' | 'unserved', { needId: string }[]>;
      const named = [...found.proposals, ...found.unserved].map(({ needId }) => needId);
      // Served or explained, each once; but for those whom former rounds have served.
      expect(new Set(named).size).toBe(named.length);
      expect(found.unserved).toHaveLength(UNSERVED);
    },
  );

  it('is carried on also where its process was told to end', async () => {
    const one = await requested();
    const runner = processUntil(Infinity);
    runner.start(one.roundId, one.prepared, one.cause);
    await runner.onModuleDestroy();
    expect(await typesOf(one)).toEqual(['RoundRequested']);
    expect((await comesToAnEnd(one)).status).toBe('solved');
  });

  it('is not stopped because the log did not answer', async () => {
    const one = await requested();
    const append = jest.fn(world.store.append.bind(world.store));
    const runner = processThat(append.mockRejectedValueOnce(new StoreUnavailable('It is away.')));
    runner.start(one.roundId, one.prepared, one.cause);
    await ended(runner, one.roundId);
    expect(await typesOf(one)).toEqual(['RoundRequested']);
    expect((await comesToAnEnd(one)).status).toBe('solved');
  });

  it('is left to its process for its time limit and a grace', async () => {
    const one = await requested();
    expect(await roundOf(one)).toMatchObject({ status: 'running' });
    const schedule = new RoundsLeftBehind(processUntil(0), world.store);
    const isDue = async (afterMs: number) => {
      const now = new Date(Date.parse(one.cause.at) + afterMs);
      const settings = { ...new MatchingSettings(), roundGraceMs: GRACE_MS } as MatchingSettings;
      const due = await schedule.due(database.manager, { now, after: undefined, limit: 100 }, settings);
      return due.some(({ target }) => target === one.roundId);
    };
    expect(await isDue(TIME_LIMIT_MS + GRACE_MS)).toBe(false);
    expect(await isDue(TIME_LIMIT_MS + GRACE_MS + 1)).toBe(true);
    await comesToAnEnd(one);
    expect(await isDue(TIME_LIMIT_MS + GRACE_MS + 1)).toBe(false);
  });

  it('is stopped where the log does not give what it saw', async () => {
    const one = await requested(({ inputs, request }) => ({
      inputs,
      request: { ...request, inputsDigest: 'a'.repeat(64) },
    }));
    expect(await comesToAnEnd(one)).toMatchObject({ status: 'stopped', stoppedFor: 'inputs-differ' });
    expect(await replayRound(log(), one.roundId)).toBeUndefined();
  });

  it('is stopped where a request of now would be for other weeks', async () => {
    const firstWeek = addWeeks(firstWholeWeek(today()), -1);
    const one = await requested(undefined, { firstWeek });
    expect(await comesToAnEnd(one)).toMatchObject({ status: 'stopped', stoppedFor: 'out-of-date' });
  });

  it.each([1, 2])('is stopped where something else comes out than is recorded (of %i pieces)', async (pieces) => {
    const one = await requested();
    const inputs = inputsOf(one.prepared.inputs);
    // As one that was cut off may have found: less for the need that is served, or nothing of one that is not.
    const offers = inputs.offers.map((offer) => ({ ...offer, facts: { ...offer.facts, leadTimeDays: 20 } }));
    const first = inputs.needs.find(({ facts }) => facts.mustSkills.length === lacking.length);
    const needs = inputs.needs.filter((need) => need !== first);
    const other = { ...inputs, ...(pieces === 1 ? { offers } : { needs }) };
    await dies({ ...one, prepared: { ...one.prepared, inputs: textOfInputs(other) } }, pieces);
    const before = await typesOf(one);
    expect(before).toHaveLength(1 + pieces);
    expect(await comesToAnEnd(one)).toMatchObject({ status: 'stopped', stoppedFor: 'results-differ' });
    expect((await typesOf(one)).at(-1)).toBe('RoundStopped');
  });
});

describe('Two processes that run the same matching round at once', () => {
  it('record one result', async () => {
    const one = await requested();
    const processes = Array.from({ length: 4 }, () => processUntil(Infinity));
    for (const runner of processes) runner.start(one.roundId, one.prepared, { ...one.cause, commandId: randomUUID() });
    await Promise.all(processes.map((runner) => ended(runner, one.roundId)));
    expect(await typesOf(one)).toEqual(WHOLE);
  });

  it('record no mixture of results that differ', async () => {
    for (let time = 0; time < 5; time += 1) {
      const one = await requested();
      const inputs = inputsOf(one.prepared.inputs);
      const processes = [inputs.needs, inputs.needs.slice(0, -20)].map((needs) => {
        const runner = processUntil(Infinity);
        runner.start(one.roundId, { ...one.prepared, inputs: textOfInputs({ ...inputs, needs }) }, one.cause);
        return runner;
      });
      await Promise.all(processes.map((runner) => ended(runner, one.roundId)));
      const events = await told(one);
      const last = events.at(-1);
      expect(['RoundSolved', 'RoundStopped']).toContain(last?.type);
      if (last?.type !== 'RoundSolved') continue;
      const solved = last.data as DataOf<'RoundSolved'>;
      const recorded = events.flatMap(({ type, data }) =>
        type === 'RoundUnserved' ? (data as DataOf<'RoundUnserved'>).unserved : [],
      );
      expect(recorded).toHaveLength(solved.unserved);
      expect(new Set(recorded.map(({ needId }) => needId)).size).toBe(recorded.length);
    }
  });
});
