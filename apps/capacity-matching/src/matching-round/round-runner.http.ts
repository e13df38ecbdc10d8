import { setTimeout as sleep } from 'node:timers/promises';
import { weeksFrom } from '@alliance/calendar';
import { formatPosition, isRefusal, type CommandContext } from '@alliance/event-sourcing';
import { deriveId, EventStore } from '@alliance/event-store';
import { findSurvivors } from '@alliance/known-organisations';
import { CommandHandler, unavailable } from '@alliance/service-host';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findHoarders } from '../allocation/hoarding.read-model';
import { MatchingSettings } from '../capacity-matching.config';
import { matchingRound, type MatchingRoundCommand } from './matching-round.decider';
import type { DataOf } from './matching-round.events';
import type { RoundInputs, RoundSettings } from './round-inputs';
import { inputsAtOnePosition } from './round-inputs.read-model';
import { textOfInputs } from './round-inputs-text';
import { type RunningRound, RoundThread } from './round-thread.worker';
import { sha256 } from './sha256.worker';

const LOOKS = 50;
const LOOK_AGAIN_MS = 100;

/** What a round sees, and how its request is recorded. */
interface PreparedRound {
  /** In their canonical form. */
  readonly inputs: string;
  readonly request: Omit<DataOf<'RoundRequested'>, 'requestedBy'>;
}

/** The rounds that this process runs at present. */
@Injectable()
export class RoundRunner implements OnModuleDestroy {
  private readonly log = new Logger('matching-round');
  private readonly running = new Map<
    string,
    { readonly stop: AbortController; readonly run: RunningRound; readonly weeks: number }
  >();
  private readonly thread = new RoundThread();
  private readonly ends = new Set<Promise<void>>();

  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly store: EventStore,
    private readonly own: MatchingSettings,
  ) {}

  /** Reads all that is open, at one position of the log. Throws 503 when the read models do not come to rest. */
  async prepare(settings: RoundSettings, timeLimitMs: number): Promise<PreparedRound> {
    for (let look = 0; look < LOOKS; look += 1) {
      const read = await inputsAtOnePosition(this.database, this.store);
      if (read === undefined) {
        await sleep(LOOK_AGAIN_MS);
        continue;
      }
      const pausedOrganisationIds = await this.pausedAmong(read.seen);
      const inputs = textOfInputs({ ...read.seen, settings, pausedOrganisationIds });
      const inputsDigest = sha256(inputs);
      const [offers, needs] = [read.seen.offers.length, read.seen.needs.length];
      const position = formatPosition(read.position);
      return {
        inputs,
        request: {
          ...{ settings, timeLimitMs, position, inputsDigest, offers, needs },
          pausedOrganisationIds: [...pausedOrganisationIds],
        },
      };
    }
    throw unavailable('READ_MODELS_BEHIND', 'The read models do not stand at one position of the log; try again.');
  }

  /** Who gets no new proposals at present: who hoards, and who is not, or no longer, admitted by the registry. */
  private async pausedAmong({ offers, needs }: Pick<RoundInputs, 'offers' | 'needs'>): Promise<readonly string[]> {
    const tx = this.database.manager;
    const hoarders = await findHoarders(tx, this.own.hoarding());
    const concerned = [...new Set([...offers, ...needs].map(({ organisationId }) => organisationId))];
    const standings = await findSurvivors(tx, concerned);
    const outside = concerned.filter((id) => standings.get(id)?.status !== 'admitted');
    return [...new Set([...hoarders.keys(), ...outside])].sort();
  }

  /** Begins to run what was requested; what comes of it is in the log. */
  start(roundId: string, prepared: PreparedRound, cause: CommandContext): void {
    if (this.running.has(roundId)) return;
    const stop = new AbortController();
    const { settings, timeLimitMs } = prepared.request;
    const run = this.thread.run(prepared.inputs, { timeLimitMs, signal: stop.signal });
    this.running.set(roundId, { stop, run, weeks: weeksFrom(settings.firstWeek, settings.lastWeek).length });
    const end = this.record(roundId, run, cause, stop.signal)
      .catch(async (error: unknown) => {
        this.log.error(error);
        await this.give(roundId, { type: 'StopRound', data: { reasonCode: 'failed' } }, 'fail', cause);
      })
      // The log does not answer either: the schedule stops it later.
      .catch((error: unknown) => this.log.error(error))
      .finally(() => {
        this.running.delete(roundId);
        this.ends.delete(end);
      });
    this.ends.add(end);
  }

  /** How far a round has come that runs in this process. */
  progressOf(roundId: string): { readonly weeksDone: number; readonly weeks: number } | undefined {
    const round = this.running.get(roundId);
    return round && { weeksDone: round.run.weeksDone(), weeks: round.weeks };
  }

  /** Spares the solver further work on what was stopped. */
  stop(roundId: string): void {
    this.running.get(roundId)?.stop.abort();
  }

  async onModuleDestroy(): Promise<void> {
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all(this.ends);
    await this.thread.close();
  }

  private async record(
    roundId: string,
    { result }: RunningRound,
    cause: CommandContext,
    signal: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    const { proposed, unserved, solved } = await result;
    if (signal.aborted) {
      await this.give(roundId, { type: 'StopRound', data: { reasonCode: 'interrupted' } }, 'interrupt', cause);
      return;
    }
    for (const data of proposed) {
      if (!(await this.give(roundId, { type: 'RecordProposals', data }, `proposals ${data.piece}`, cause))) return;
    }
    for (const data of unserved) {
      if (!(await this.give(roundId, { type: 'RecordUnserved', data }, `unserved ${data.piece}`, cause))) return;
    }
    const data = { ...solved, milliseconds: Math.round(performance.now() - startedAt) };
    await this.give(roundId, { type: 'ConcludeRound', data }, 'conclude', cause);
  }

  /** False when the round has come to an end meanwhile. */
  private async give(
    roundId: string,
    step: StepOf<MatchingRoundCommand>,
    name: string,
    { commandDigest: _, ...cause }: CommandContext,
  ): Promise<boolean> {
    const context = { ...cause, commandId: deriveId(roundId, name), causationId: cause.commandId };
    const decided = await this.commands.decide(matchingRound, roundId, { ...step, context });
    if (!isRefusal(decided)) return true;
    if (decided.code === 'ROUND_ENDED') return false;
    throw new Error(`${step.type} was refused by the round ${roundId}: ${decided.code}.`);
  }
}

type StepOf<Cmd> = Cmd extends unknown ? Pick<Cmd, Extract<keyof Cmd, 'type' | 'data'>> : never;
