import type { Actor } from './event';

/** All that a decision may know of the world besides the state: who, when, and in which chain of causes. */
export interface CommandContext {
  /** UUID; the same command sent twice is decided once. */
  readonly commandId: string;
  /** Of all that the request said, where its sender gave the command its name: tells another one under the same name. */
  readonly commandDigest?: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: Actor;
  /** The time of the request, ISO 8601, UTC. */
  readonly at: string;
  readonly traceparent?: string;
}

/** A wish, in the imperative. */
export interface Command<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly context: CommandContext;
}
