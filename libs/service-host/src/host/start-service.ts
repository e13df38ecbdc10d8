import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { backoffMs, type Clock } from '@alliance/event-sourcing';
import { pendingMigrations } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { errorMessage } from '../error-message';
import { CommandHandler } from '../http/command-handler';
import type { ServiceDefinition } from '../service-definition';
import type { Environment } from '../settings/load-settings';
import { runFollowers } from './followers';
import { runSchedules } from './schedules';
import { type Readiness, ReadinessProbe } from './probes';
import { createServiceApp, type ServiceApp } from './service-app';
import {
  assemble,
  connectServiceDatabase,
  type Infrastructure,
  migrationsOf,
  type ServiceParts,
} from './service-parts';
import { answerProblem, answerText, isFor } from './plain-http';

/** A service at work in this process. */
export interface RunningService {
  readonly name: string;
  /**
   * Resolves when the slices are wired and work, which needs the database; it is waited for as long as it takes.
   * Rejects when the service cannot start at all, through a fault of its code.
   */
  readonly started: Promise<void>;
  /** Answers everything under `/<name>`, the probes `/health/live|ready|started`, and `/metrics`. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readiness(): Promise<Readiness>;
  /** Finishes the requests and batches under way, within the grace of the settings, and closes what it has opened. */
  close(): Promise<void>;
}

/**
 * Starts a service. It does not listen: the caller's server hands over requests. Event store, database and bus may be
 * down now or later: the service lives, is not ready, and goes on by itself. Throws `SettingsError`.
 */
export function startService(
  definition: ServiceDefinition,
  environment: Environment,
  infrastructure: Infrastructure,
): RunningService {
  const service = new Service(assemble(definition, environment, infrastructure));
  service.start();
  return service;
}

/** A connection in the middle of something would be waited for. */
const CLOSE_WITHIN_MS = 2_000;

class Service implements RunningService {
  readonly name: string;
  started: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly followersStop = new AbortController();
  private readonly probe: ReadinessProbe;
  private database: DataSource | undefined;
  private databaseFault = 'not connected yet';
  private running: ServiceApp | undefined;
  private followers: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(private readonly parts: ServiceParts) {
    const { definition, clock, store, bus } = parts;
    this.name = definition.name;
    // Every follower and schedule of the service listens to it; many of them are no leak.
    setMaxListeners(0, this.followersStop.signal);
    const checks = { 'event-store': () => store.check(), database: () => this.checkDatabase(), bus: () => bus.check() };
    this.probe = new ReadinessProbe(checks, clock);
  }

  start(): void {
    this.started = this.run();
    // Whoever does not wait for the start learns of its failure by the probes and the log.
    this.started.catch((err: unknown) => this.parts.log.fatal({ err }, 'the service cannot start'));
  }

  readonly handleRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (isFor(request, '/health/live')) answerText(response, 200, 'live');
    else if (isFor(request, '/health/started'))
      answerText(response, this.running ? 200 : 503, this.running ? 'started' : 'starting');
    else if (isFor(request, '/health/ready')) void this.answerReadiness(response);
    else if (isFor(request, '/metrics')) void this.answerMetrics(response);
    else if (this.stopping.signal.aborted)
      answerProblem(response, 503, 'SHUTTING_DOWN', 'This process is about to end.');
    else if (!this.parts.settings.roles.includes('http'))
      answerProblem(response, 404, 'UNKNOWN_ROUTE', 'There is no such endpoint.');
    else if (this.running) this.running.fastify.routing(request, response);
    else answerProblem(response, 503, 'STARTING', `The service waits for its database.`);
  };

  async readiness(): Promise<Readiness> {
    if (this.stopping.signal.aborted) return { ready: false, checks: { service: 'shutting down' } };
    const { ready, checks } = await this.probe.readiness();
    return this.running ? { ready, checks } : { ready: false, checks: { service: 'starting', ...checks } };
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async run(): Promise<void> {
    const { parts, stopping, followersStop } = this;
    const database = await this.connect();
    if (database === undefined) return;
    this.database = database;
    const service = await createServiceApp(parts, database);
    await service.app.init();
    await service.fastify.ready();
    if (stopping.signal.aborted) return;
    if (parts.settings.roles.includes('reactor')) await service.app.startAllMicroservices();
    const commands = service.app.get(CommandHandler);
    const { signal } = followersStop;
    const { progress } = service;
    this.followers = Promise.all([
      runFollowers({ parts, database, progress, commands, signal }),
      runSchedules({ parts, database, commands, provided: service.app, signal }),
    ]);
    this.running = service;
    parts.log.info({ roles: parts.settings.roles }, 'started');
  }

  private async connect(): Promise<DataSource | undefined> {
    const { clock, log } = this.parts;
    const { signal } = this.stopping;
    for (let failuresInARow = 1; !signal.aborted; failuresInARow += 1) {
      try {
        return await connectServiceDatabase(this.parts);
      } catch (err) {
        this.databaseFault = errorMessage(err);
        log.warn({ err, failuresInARow }, 'the database cannot be reached');
        await clock.sleep(backoffMs(failuresInARow, clock), signal);
      }
    }
    return undefined;
  }

  private async checkDatabase(): Promise<void> {
    if (this.database === undefined) throw new Error(this.databaseFault);
    const pending = await pendingMigrations(this.database, migrationsOf(this.parts.definition));
    if (pending.length > 0) throw new Error(`migrations are pending: ${pending.join(', ')}`);
  }

  private async answerReadiness(response: ServerResponse): Promise<void> {
    const readiness = await this.readiness();
    answerText(response, readiness.ready ? 200 : 503, JSON.stringify(readiness), 'application/json');
  }

  private async answerMetrics(response: ServerResponse): Promise<void> {
    const { registry } = this.parts.metrics;
    answerText(response, 200, await registry.metrics(), registry.contentType);
  }

  private async shutDown(): Promise<void> {
    const { settings, clock, log, store } = this.parts;
    this.stopping.abort();
    const graceMs = settings.shutdownGraceMs;
    if (!(await endsWithin(graceMs, this.finishWork(), clock))) log.warn({ graceMs }, 'did not come to an end in time');
    await endsWithin(CLOSE_WITHIN_MS, Promise.allSettled([this.database?.destroy(), store.close()]), clock);
    log.info('stopped');
  }

  /** Requests first: what they have begun may still be waiting for a projection. */
  private async finishWork(): Promise<void> {
    await this.started.catch(() => undefined);
    await this.running?.http.drained();
    this.followersStop.abort();
    await Promise.all([this.followers, this.running?.consumer.close()]);
    await this.running?.app.close();
  }
}

async function endsWithin(durationMs: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const ended = new AbortController();
  const late = clock.sleep(durationMs, ended.signal).then(() => false);
  const isInTime = await Promise.race([work.then(() => true), late]);
  ended.abort();
  return isInTime;
}
