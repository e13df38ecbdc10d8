import { setTimeout as sleep } from 'node:timers/promises';
import { berlinDayOf, weeksFrom } from '@alliance/calendar';
import { isPassingFault } from '@alliance/event-bus';
import { formatPosition, isRefusal, type CommandContext } from '@alliance/event-sourcing';
import { CommandIdReused, deriveId, EventStore } from '@alliance/event-store';
import { findSurvivors } from '@alliance/known-organisations';
import { CommandHandler, unavailable } from '@alliance/service-host';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findHoarders } from '../allocation/hoarding.read-model';
import { MatchingSettings } from '../capacity-matching.config';
import { matchingRound, type MatchingRoundCommand } from './matching-round.decider';
import type { DataOf } from './matching-round.events';
import { firstWholeWeek, type RoundInputs, type RoundSettings } from './round-inputs';
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

/** A round that is under way here. */
interface OngoingRound {
  readonly stop: AbortController;
  /** Once its inputs are there. */
  run?: RunningRound;
  weeks: number;
}

/**
 * The rounds that this process runs at present. That another runs one of them too, having taken this process for dead, does
 * no harm: the command of each piece has an id that follows from the round and a digest of what is in it, so that an equal
 * piece is recorded once. Where what they have found differs, which it may when the time limit cuts them off, whoever
 * finds another's piece in place of its own, or more of them, stops the round: never is a result a mixture of the two.
 */
@Injectable()
export class RoundRunner implements OnModuleDestroy {
  private readonly log = new Logger('matching-round');
  private readonly running = new Map<string, OngoingRound>();
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
    this.thread.open();
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
  start(roundId: string, { inputs, request }: PreparedRound, cause: CommandContext): void {
    this.begin(roundId, cause, (round) => this.run(roundId, { inputs, request }, round, cause));
  }

  /**
   * Runs once more what another process has begun and not brought to an end, over what the round saw, which `recall` reads
   * from the log. Stops the round where that is not what it saw, or where a request of now would be for other weeks.
   */
  carryOn(
    roundId: string,
    recall: (requested: DataOf<'RoundRequested'>, signal: AbortSignal) => Promise<RoundInputs>,
    cause: CommandContext,
  ): void {
    this.begin(roundId, cause, async (round) => {
      const { state } = await this.commands.load(matchingRound, roundId);
      if (state.stage !== 'running') return;
      const request = state.requested;
      const firstWeek = firstWholeWeek(berlinDayOf(cause.at));
      if (request.settings.firstWeek !== firstWeek) return this.end(roundId, 'out-of-date', cause);
      const inputs = textOfInputs(await recall(request, round.stop.signal));
      if (round.stop.signal.aborted) return;
      if (sha256(inputs) !== request.inputsDigest) return this.end(roundId, 'inputs-differ', cause);
      await this.run(roundId, { inputs, request }, round, cause);
    });
  }

  private begin(roundId: string, cause: CommandContext, work: (round: OngoingRound) => Promise<void>): void {
    if (this.running.has(roundId)) return;
    const round: OngoingRound = { stop: new AbortController(), weeks: 0 };
    this.running.set(roundId, round);
    const end = work(round)
      .catch(async (error: unknown) => {
        this.log.error(error);
        // It is carried on when the log answers again; a fault of the code would only come again.
        if (!isPassingFault(error)) await this.end(roundId, 'failed', cause);
      })
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
    return round && { weeksDone: round.run?.weeksDone() ?? 0, weeks: round.weeks };
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

  private async run(
    roundId: string,
    { inputs, request: { settings, timeLimitMs } }: PreparedRound,
    round: OngoingRound,
    cause: CommandContext,
  ): Promise<void> {
    const startedAt = performance.now();
    const { signal } = round.stop;
    round.run = this.thread.run(inputs, { timeLimitMs, signal });
    round.weeks = weeksFrom(settings.firstWeek, settings.lastWeek).length;
    const { proposed, unserved, solved } = await round.run.result;
    // Somebody has stopped it; or this process ends, and another carries it on.
    if (signal.aborted) return;
    const steps: Step[] = [
      ...proposed.map((data) => ({ type: 'RecordProposals', data, name: `proposals ${data.piece}` }) as const),
      ...unserved.map((data) => ({ type: 'RecordUnserved', data, name: `unserved ${data.piece}` }) as const),
    ];
    const data = { ...solved, milliseconds: Math.round(performance.now() - startedAt) };
    await this.give(roundId, [...steps, { type: 'ConcludeRound', data, name: 'conclude' }], cause);
  }

  private async end(roundId: string, reasonCode: string, cause: CommandContext): Promise<void> {
    await this.give(roundId, [{ type: 'StopRound', data: { reasonCode }, name: `stop ${reasonCode}` }], cause);
  }

  /** Up to the step that finds the round at its end. It is ended where another process has found something else. */
  private async give(roundId: string, steps: readonly Step[], cause: CommandContext): Promise<void> {
    const commands = steps.map(({ name, ...step }): MatchingRoundCommand => {
      const ids = { commandId: deriveId(roundId, name), commandDigest: sha256(JSON.stringify(step.data)) };
      return { ...step, context: { ...cause, ...ids, causationId: cause.commandId } };
    });
    try {
      const refusal = (await this.commands.decideInTurn(matchingRound, roundId, commands)).find(isRefusal);
      if (refusal === undefined || refusal.code === 'ROUND_ENDED') return;
      if (refusal.code !== 'ROUND_INCOMPLETE') throw new Error(`The round ${roundId} has refused: ${refusal.code}.`);
    } catch (error) {
      if (!(error instanceof CommandIdReused)) throw error;
    }
    await this.end(roundId, 'results-differ', cause);
  }
}

/** A command without its context; the round and the name are its id. */
type Step = StepOf<MatchingRoundCommand> & { readonly name: string };
type StepOf<Cmd> = Cmd extends unknown ? Pick<Cmd, Extract<keyof Cmd, 'type' | 'data'>> : never;
