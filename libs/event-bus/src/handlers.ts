import { type Contract, readerSchema } from '@alliance/contracts';
import type { DeliveredMessage } from './bus';
import type { CloudEvent } from './cloud-event';
import { decodeCloudEvent, MalformedMessage, typeOfMessage } from './cloud-events';
import { checkData } from './contract-check';

export interface HandlerContext<Tx> {
  /** What is written through it commits together with the inbox: exactly once. */
  readonly tx: Tx;
  readonly message: DeliveredMessage;
}

/** Handles one event. Resolves when all is done; rejects when it could not be, and then nothing of `tx` stays. */
export type EventHandler<Tx> = (event: CloudEvent, context: HandlerContext<Tx>) => Promise<void>;

/** What a consumer group handles: one handler for each type of the contracts that it reads. */
export interface HandledContract<Tx> {
  readonly contract: Contract;
  readonly handle: EventHandler<Tx>;
}

/** What to do with a message. */
export type Incoming<Tx> =
  | { readonly kind: 'event'; readonly message: DeliveredMessage; readonly event: CloudEvent; handle: EventHandler<Tx> }
  /** Nobody asked for events of its type. */
  | { readonly kind: 'unasked'; readonly message: DeliveredMessage }
  | { readonly kind: 'faulty'; readonly message: DeliveredMessage; readonly reason: string; readonly error?: unknown };

/** Finds out what to do with each message. Never throws: what cannot be read is told as faulty. */
export function messageReader<Tx>(
  handled: readonly HandledContract<Tx>[],
): (message: DeliveredMessage) => Incoming<Tx> {
  const byType = new Map(
    handled.map(({ contract, handle }) => [contract.type, { contract, handle, schema: readerSchema(contract.schema) }]),
  );
  return (message) => {
    try {
      const type = typeOfMessage(message);
      if (type === undefined) throw new MalformedMessage('The message does not say its type.');
      const known = byType.get(type);
      if (known === undefined) return { kind: 'unasked', message };
      const event = decodeCloudEvent(message);
      checkData(known.contract, known.schema, event.data);
      return { kind: 'event', message, event, handle: known.handle };
    } catch (error) {
      return { kind: 'faulty', message, reason: reasonOf(error) };
    }
  };
}

/** An error as an operator reads it. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2000);
}
