import { randomUUID } from 'node:crypto';
import { runReactor } from '@alliance/event-bus';
import { fold, systemClock } from '@alliance/event-sourcing';
import { handleCommand } from '@alliance/event-store';
import { connectDatabase, PostgresRows, ProjectionProgress } from '@alliance/read-models';
import type { CommandHandler } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { allFrom } from '../organisation/merge.given';
import { checks, context } from '../organisation/organisation.given';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { duplicateCandidate } from './duplicate-candidate.decider';
import { duplicateCandidateEvents } from './duplicate-candidate.events';
import { candidateIdOf, duplicateDetection } from './duplicate-detection.reactor';
import { fingerprintIndex } from './fingerprint-index.read-model';

let world: RegistryWorld;
let database: DataSource;
beforeAll(async () => {
  // Its reactors run here, one crash after the other.
  world = await RegistryWorld.start({ ROLES: 'http,projector' });
  database = await connectDatabase({ url: world.database.url, entities: [] });
});
afterAll(async () => {
  await database.destroy();
  await world.stop();
});

class Crash extends Error {}

/** As the service's command handler, without its metrics; its process dies after so many commands. */
function commandsUntilCrash(after: number, crash: () => void): CommandHandler {
  let given = 0;
  const handler: Pick<CommandHandler, 'decide' | 'load'> = {
    async decide(aggregate, id, command, options) {
      const decided = await handleCommand(world.store, aggregate, id, command, options);
      given += 1;
      if (given === after) crash();
      if (given >= after) throw new Crash();
      return decided;
    },
    async load({ catalogue, decider }, id) {
      const events = await world.events(catalogue, id);
      return { state: fold(decider.evolve, decider.initialState, events as never[]), last: events.at(-1) as never };
    },
  };
  return handler as CommandHandler;
}

/**
 * Runs the reactor from the beginning of the log until it has come to its end, or dies between an effect and its
 * checkpoint: no checkpoint is ever saved, so that the next run begins anew. Whether it came to the end.
 */
async function run(diesAfter = Infinity): Promise<boolean> {
  const end = new AbortController();
  const rows = new PostgresRows(database);
  const own = {
    progress: new ProjectionProgress({ projections: [fingerprintIndex], rows, log: world.store, clock: systemClock }),
    settings: { duplicateScorePercent: 40 },
  };
  let isDone = false;
  const commands = commandsUntilCrash(diesAfter, () => end.abort());
  await runReactor({
    name: duplicateDetection.name,
    actor: { subject: 'registry.duplicate-detection', roles: [] },
    log: world.store.log(duplicateDetection.catalogues),
    rows: {
      loadCheckpoint: () => Promise.resolve(undefined),
      transaction: (work) => rows.transaction(work),
      async saveCheckpoint(_tx, _follower, position) {
        isDone = position.commit >= lastPosition;
        if (isDone) end.abort();
      },
    },
    catalogues: duplicateDetection.catalogues,
    policy: (fact) => duplicateDetection.policy(fact),
    execute: (reaction, cause) => duplicateDetection.execute(reaction, cause, commands, database, own),
    clock: systemClock,
    signal: end.signal,
  });
  return isDone;
}

let lastPosition = 0n;
const noted = (answer: { readonly headers: Headers }) => {
  lastPosition = BigInt(answer.headers.get('alliance-position')?.split('/')[0] ?? '0');
};
async function apply(name: string): Promise<string> {
  const facts = { name, kind: 'civil-society', operatingSince: '1994-04-01', website: 'https://uferhilfe.example' };
  const applied = await world.post('/organisations', { ...facts, identifiers: [], fieldKeys: [] }, representative);
  expect(applied.status).toBe(201);
  noted(applied);
  return applied.body.organisationId;
}
async function admit(id: string): Promise<void> {
  await world.post(`/organisations/${id}/verification`, { checks }, coordinator);
  noted(await world.post(`/organisations/${id}/admission`, undefined, coordinator));
}
const typesOf = async (pair: readonly string[]) =>
  (await world.events(duplicateCandidateEvents, candidateIdOf(pair))).map(({ type }) => type);

describe('the detection of duplicates, over crashes', () => {
  it('suspects each pair once, keeps dismissed pairs dismissed and merged ones confirmed, wherever it dies', async () => {
    const ids = [await apply('Uferhilfe Wedel'), await apply('Uferhilfe Wedel e.V.'), await apply('Uferhilfe, Wedel')];
    const [a = '', b = '', c = ''] = ids;
    let crashes = 0;
    while (!(await run(crashes + 1))) crashes += 1;
    // Each pair from either side: whenever it begins, the index knows all three already.
    expect(crashes).toBe(6);
    for (const pair of [
      [a, b],
      [a, c],
      [b, c],
    ])
      expect(await typesOf(pair)).toEqual(['DuplicateSuspected']);

    const dismissal = { type: 'DismissDuplicate', data: { reasonCode: 'different-organisations' } } as const;
    const by = context('coordinator-1', { commandId: randomUUID() });
    await handleCommand(world.store, duplicateCandidate, candidateIdOf([a, c]), { ...dismissal, context: by });
    for (const id of [a, b]) await admit(id);
    const wish = { into: b, factsFrom: allFrom('survivor'), reasonCode: 'duplicate' };
    noted(await world.post(`/organisations/${a}/merge`, wish, coordinator));
    const settled = async () => {
      expect(await typesOf([a, b])).toEqual(['DuplicateSuspected', 'DuplicateConfirmed']);
      expect(await typesOf([a, c])).toEqual(['DuplicateSuspected', 'DuplicateDismissed']);
      expect(await typesOf([b, c])).toEqual(['DuplicateSuspected']);
    };
    for (let dies = 1; !(await run(dies)); dies += 1);
    await settled();

    noted(await world.post(`/organisations/${a}/merge-undo`, { reasonCode: 'mistaken' }, coordinator));
    for (let dies = 1; !(await run(dies)); dies += 1);
    expect(await run()).toBe(true);
    expect(await typesOf([a, b])).toEqual(['DuplicateSuspected', 'DuplicateConfirmed', 'DuplicateReopened']);
    expect(await typesOf([a, c])).toEqual(['DuplicateSuspected', 'DuplicateDismissed']);
    expect(await typesOf([b, c])).toEqual(['DuplicateSuspected']);
  });
});
