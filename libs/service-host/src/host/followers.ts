import { advisoryLockLease, type RelayReport, type RetryReport, runReactor, runRelay } from '@alliance/event-bus';
import { backoffMs, type EventCatalogue, type EventLog } from '@alliance/event-sourcing';
import { PostgresRows, type ProjectionProgress, type ProjectorReport, runProjector } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import type { CommandHandler } from '../http/command-handler';
import type { Reactor } from '../service-definition';
import type { ServiceParts } from './service-parts';

/** What a follower is run with. */
interface FollowerOptions {
  readonly parts: ServiceParts;
  readonly database: DataSource;
  readonly progress: ProjectionProgress;
  readonly commands: CommandHandler;
  /** Ends all, after the batch under way. */
  readonly signal: AbortSignal;
}

/** Runs what follows the log in this process, as its roles say. Resolves when all have ended; does not throw. */
export async function runFollowers(options: FollowerOptions): Promise<void> {
  const { definition, settings } = options.parts;
  const { projections, publishers, reactors = [] } = definition;
  await Promise.all([
    ...(settings.roles.includes('projector') ? projections.map((projection) => project(projection, options)) : []),
    ...(settings.roles.includes('relay') && publishers.length > 0 ? [relay(options)] : []),
    ...(settings.roles.includes('reactor') ? reactors.map((reactor) => react(reactor, options)) : []),
  ]);
}

async function project(
  projection: ServiceParts['definition']['projections'][number],
  { parts, database, progress, signal }: FollowerOptions,
): Promise<void> {
  const follower = projection.name;
  const observe = (report: ProjectorReport) => {
    if (report.kind === 'failed') return noteFailure(parts, follower, report.failuresInARow, report.error);
    parts.metrics.followerFailures.set({ follower }, 0);
    progress.note(follower, report.position);
  };
  const log = watchedLog(parts, follower, projection.catalogues);
  await runProjector({ projection, log, rows: new PostgresRows(database), clock: parts.clock, signal, observe });
}

async function relay({ parts, database, signal }: FollowerOptions): Promise<void> {
  const { definition, settings, bus, clock, metrics } = parts;
  const observe = (report: RelayReport) => {
    metrics.relayIsActive.set(report.kind === 'standby' ? 0 : 1);
    if (report.kind === 'published') metrics.relayed.inc(report.messages);
    noteRetries(parts, 'relay', report);
  };
  const catalogues = definition.publishers.map(({ catalogue }) => catalogue);
  await keepRunning('relay', parts, signal, () =>
    runRelay({
      service: definition.name,
      slices: definition.publishers,
      log: watchedLog(parts, 'relay', catalogues),
      bus,
      rows: new PostgresRows(database),
      lease: advisoryLockLease({ url: settings.databaseUrl, name: 'relay', clock }),
      clock,
      signal,
      observe,
    }),
  );
}

async function react(
  reactor: Reactor,
  { parts, database, progress, commands, signal }: FollowerOptions,
): Promise<void> {
  const { definition, ownSettings: settings = {}, clock } = parts;
  const { name, catalogues } = reactor;
  await keepRunning(name, parts, signal, () =>
    runReactor({
      name,
      actor: { subject: `${definition.name}.${name}`, roles: [] },
      log: watchedLog(parts, name, catalogues),
      rows: new PostgresRows(database),
      catalogues,
      policy: (fact) => reactor.policy(fact),
      execute: (reaction, context) => reactor.execute(reaction, context, commands, database, { progress, settings }),
      clock,
      signal,
      observe: (report) => noteRetries(parts, name, report),
    }),
  );
}

/** A follower that meets a fault of the code stops there, for going on would hide it; a new version may cure it. */
async function keepRunning(
  follower: string,
  parts: ServiceParts,
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  for (let failuresInARow = 1; !signal.aborted; failuresInARow += 1) {
    try {
      await run();
    } catch (error) {
      noteFailure(parts, follower, failuresInARow, error);
      await parts.clock.sleep(backoffMs(failuresInARow, parts.clock, 1_000, 60_000), signal);
    }
  }
}

function watchedLog(
  { store, log, metrics }: ServiceParts,
  follower: string,
  catalogues: readonly EventCatalogue[],
): EventLog {
  return store.log(catalogues, {
    seen: (_position, at) => metrics.followerSeenAt.set({ follower }, at.getTime() / 1000),
    interrupted: (err, resumesInMs) => log.warn({ follower, err, resumesInMs }, 'the log was interrupted'),
  });
}

function noteRetries(parts: ServiceParts, follower: string, report: RelayReport | RetryReport): void {
  if (report.kind === 'retrying') noteFailure(parts, follower, report.failuresInARow, report.error);
  if (report.kind === 'published') parts.metrics.followerFailures.set({ follower }, 0);
}

function noteFailure({ log, metrics }: ServiceParts, follower: string, failuresInARow: number, err: unknown): void {
  metrics.followerFailures.set({ follower }, failuresInARow);
  log.warn({ follower, failuresInARow, err }, 'a follower of the log does not get on, and tries again');
}
