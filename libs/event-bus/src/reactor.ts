import type {
  Actor,
  Clock,
  CommandContext,
  EventCatalogue,
  EventLog,
  RecordedEvent,
  Rows,
} from '@alliance/event-sourcing';
import type { CloudEvent } from './cloud-event';
import { deriveId } from '@alliance/event-store';
import type { EventHandler } from './handlers';
import { retry, type RetryReport } from './retry';

/** What a policy wants to be done about a fact: a command of the own service, without its context. */
export interface Reaction<Type extends string = string, Data = unknown> {
  /** The id of the aggregate that the command is for. */
  readonly target: string;
  readonly type: Type;
  readonly data: Data;
}

/**
 * Gives the command to its aggregate. It must be idempotent by the command's id, for it comes again after a crash. A
 * refusal is an answer, not a fault: the aggregate has decided that nothing is to be done.
 */
export type Execute<Wanted extends Reaction> = (reaction: Wanted, context: CommandContext) => Promise<void>;

interface ReactorIdentity {
  /** Kebab-case, unique in the service and never changed: checkpoint and command ids are made from it. */
  readonly name: string;
  /** In whose name the commands are given. */
  readonly actor: Actor;
  readonly clock: Clock;
}

export interface ReactorOptions<Tx, Wanted extends Reaction> extends ReactorIdentity {
  readonly log: EventLog;
  readonly rows: Rows<Tx>;
  /** The streams whose events are the facts. */
  readonly catalogues: readonly Pick<EventCatalogue, 'category'>[];
  /** What follows from the fact; at most one reaction of each type for each target. */
  readonly policy: (fact: RecordedEvent) => readonly Wanted[] | Promise<readonly Wanted[]>;
  readonly execute: Execute<Wanted>;
  /** Ends the reactor, after what is under way. */
  readonly signal: AbortSignal;
  readonly observe?: (report: RetryReport) => void;
}

const FACTS_AT_A_TIME = 100;
/** Facts from which nothing follows cost a second look after a crash, but not a transaction each. */
const SAVE_IDLE_EVERY_MS = 1000;

/**
 * Turns the facts of the service's own log into commands, in order. The effect comes first and the checkpoint after it;
 * a repeat gives the same command ids and so changes nothing. A fault is tried again for as long as it lasts, so that
 * no fact is ever passed over. Ends when the signal aborts.
 */
export async function runReactor<Tx, Wanted extends Reaction>(options: ReactorOptions<Tx, Wanted>): Promise<void> {
  const { name, log, rows, clock, catalogues, policy, signal } = options;
  const follower = `reactor ${name}`;
  const streamPrefixes = catalogues.map(({ category }) => category.prefix);
  const checkpoint = await retry(() => rows.loadCheckpoint(follower), options);
  if (!checkpoint.done) return;
  const after = checkpoint.result;
  let savedAtMs = 0;
  for await (const batch of log.follow({ streamPrefixes, after, maxBatchSize: FACTS_AT_A_TIME, signal })) {
    let reactions = 0;
    for (const fact of batch.events) {
      const { eventId, correlationId, traceparent } = fact.metadata;
      const cause = { id: eventId, correlationId, traceparent };
      const react = async () => executeAll(await policy(fact), cause, options, options.execute);
      if (signal.aborted) return;
      const reacted = await retry(react, options);
      if (!reacted.done) return;
      reactions += reacted.result;
    }
    const nowMs = clock.now().getTime();
    if (reactions === 0 && nowMs - savedAtMs < SAVE_IDLE_EVERY_MS) continue;
    const save = () => rows.transaction((tx) => rows.saveCheckpoint(tx, follower, batch.position));
    if (!(await retry(save, options)).done) return;
    savedAtMs = nowMs;
  }
}

/** A consumer's handler that turns a published fact into commands. The inbox follows the effect, since both are in one handler. */
export function reacting<Tx, Wanted extends Reaction>(
  options: ReactorIdentity & {
    readonly policy: (fact: CloudEvent, tx: Tx) => readonly Wanted[] | Promise<readonly Wanted[]>;
    readonly execute: Execute<Wanted>;
  },
): EventHandler<Tx> {
  return async (fact, { tx }) => {
    await executeAll(await options.policy(fact, tx), fact, options, options.execute);
  };
}

/** How many commands it gave. */
async function executeAll<Wanted extends Reaction>(
  reactions: readonly Wanted[],
  cause: Pick<CloudEvent, 'id' | 'correlationId' | 'traceparent'>,
  { name, actor, clock }: ReactorIdentity,
  execute: Execute<Wanted>,
): Promise<number> {
  for (const reaction of reactions) {
    await execute(reaction, {
      // From the target, not from the place in the list: what a policy looks up may have changed when a fact comes again.
      commandId: deriveId(cause.id, `${name} ${reaction.type} ${reaction.target}`),
      correlationId: cause.correlationId,
      causationId: cause.id,
      traceparent: cause.traceparent,
      actor,
      at: clock.now().toISOString(),
    });
  }
  return reactions.length;
}
