import type { Actor, Clock, CommandContext } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { Lease } from './lease';
import { isPassingFault } from './passing-faults';
import type { Execute, Reaction } from './reactor';
import { retry, type RetryReport } from './retry';

/** A command of the own service whose time has come, without its context. */
export interface DueCommand<Type extends string = string, Data = unknown> extends Reaction<Type, Data> {
  /** With type and target it tells this occasion from all others, such as the deadline or the fact that it is about. */
  readonly occasion: string;
}

/** What is asked of a read model: so many of the commands that are due by now, those after this one, in its order. */
export interface DueQuery<Due extends DueCommand> {
  readonly now: Date;
  readonly after: Due | undefined;
  readonly limit: number;
}

/** One thing that is done by the clock. */
export interface ScheduledWork<Due extends DueCommand = DueCommand> {
  /** Kebab-case, unique in the service and never changed: command ids are made from it. */
  readonly name: string;
  /** In whose name the commands are given. */
  readonly actor: Actor;
  /** How long a command may be late. */
  readonly everyMs: number;
  /** A page of what is due, in an order that is total. What was done just now may still be among it. */
  due(query: DueQuery<Due>): Promise<readonly Due[]>;
  readonly execute: Execute<Due>;
}

/** What the scheduler tells about itself, for metrics and logs. */
export type SchedulerReport =
  /** Another process looks after the clock; this one waits to take over. */
  | { readonly kind: 'standby' }
  | { readonly kind: 'active' }
  /** All that was due at this time has had its command, as many as that. */
  | { readonly kind: 'ticked'; readonly schedule: string; readonly at: Date; readonly commands: number }
  /** A command met a lasting fault; the others went on, and it comes again at the next tick. */
  | { readonly kind: 'failed'; readonly schedule: string; readonly error: unknown }
  | (RetryReport & { readonly schedule: string });

export interface SchedulerOptions {
  readonly works: readonly ScheduledWork[];
  readonly lease: Lease;
  readonly clock: Clock;
  /** Ends the scheduler, after the command under way. */
  readonly signal: AbortSignal;
  readonly observe?: (report: SchedulerReport) => void;
}

/** Namespace of the ids of commands that the clock gives. */
const SCHEDULED_COMMANDS = '0a3f6f5e-61f4-4c0b-9a2e-7d8f4b1c2e90';
const COMMANDS_AT_A_TIME = 100;

/**
 * Gives commands when their time has come. The truth is in the log: at each tick a read model is asked what is due, and
 * the aggregate decides. So nothing has to be remembered over a restart, what fell due meanwhile comes at the first tick,
 * and what comes twice, from a read model that lags or from two processes, has the same command id and changes nothing.
 * Of several processes one is active. Ends when the signal aborts; does not throw.
 */
export async function runScheduler(options: SchedulerOptions): Promise<void> {
  const { works, lease, signal, observe } = options;
  while (!signal.aborted) {
    observe?.({ kind: 'standby' });
    const held = await lease.acquire(signal);
    if (held === undefined) return;
    try {
      observe?.({ kind: 'active' });
      const active = AbortSignal.any([signal, held.lost]);
      await Promise.all(works.map((work) => keepTicking(work, { ...options, signal: active })));
    } finally {
      await held.release();
    }
  }
}

async function keepTicking(work: ScheduledWork, options: SchedulerOptions): Promise<void> {
  while (!options.signal.aborted) {
    await tick(work, options);
    await options.clock.sleep(work.everyMs, options.signal);
  }
}

async function tick(work: ScheduledWork, { clock, signal, observe }: SchedulerOptions): Promise<void> {
  const { name: schedule } = work;
  const again = { clock, signal, observe: (report: RetryReport) => observe?.({ ...report, schedule }) };
  const now = clock.now();
  let commands = 0;
  let after: DueCommand | undefined;
  do {
    const asked = { now, after, limit: COMMANDS_AT_A_TIME };
    const page = await retry(() => work.due(asked), again);
    if (!page.done) return;
    after = page.result.length < COMMANDS_AT_A_TIME ? undefined : page.result.at(-1);
    for (const due of page.result) {
      if (signal.aborted) return;
      try {
        const give = () => work.execute(due, contextOf(due, work, now));
        if (!(await retry(give, { ...again, isPassing: isPassingFault })).done) return;
        commands += 1;
      } catch (error) {
        observe?.({ kind: 'failed', schedule, error });
      }
    }
  } while (after !== undefined);
  observe?.({ kind: 'ticked', schedule, at: now, commands });
}

function contextOf(due: DueCommand, { name, actor }: ScheduledWork, now: Date): CommandContext {
  const { type, target, occasion } = due;
  const commandId = deriveId(SCHEDULED_COMMANDS, JSON.stringify([actor.subject, name, type, target, occasion]));
  return { commandId, correlationId: commandId, causationId: commandId, actor, at: now.toISOString() };
}
