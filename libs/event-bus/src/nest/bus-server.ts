import type { Contract } from '@alliance/contracts';
import { type CustomTransportStrategy, type MessageHandler, type MsPattern, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { runConsumer } from '../consumer';
import type { ConsumerOptions } from '../consumer-options';
import type { EventHandler, HandledContract } from '../handlers';
import { BusContext } from './bus-context';

export interface BusServerOptions extends Omit<ConsumerOptions<EntityManager>, 'handled' | 'signal'> {
  /** The contracts that the `@EventPattern` handlers of the application read. */
  readonly contracts: readonly Contract[];
}

/**
 * Runs `@EventPattern('<contract type>')` handlers in a consumer group of the bus. A handler gets the `CloudEvent` as
 * `@Payload()` and a `BusContext` as `@Ctx()`. It is connected with `connectBus`.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  private readonly handlersByType = new Map<string, MessageHandler[]>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private tellsErrors = false;

  constructor(private readonly options: BusServerOptions) {
    super();
  }

  /** Called by `connectBus`, when what a handler throws reaches this server as it was thrown. */
  errorsArrive(): void {
    this.tellsErrors = true;
  }

  override addHandler(pattern: MsPattern, callback: MessageHandler, isEventHandler = false): void {
    const type = this.normalizePattern(pattern);
    if (!isEventHandler) throw new Error(`The bus carries events: "${type}" needs @EventPattern, not @MessagePattern.`);
    // Nest would chain the handlers of one pattern and start them together; in one transaction they go one by one.
    this.handlersByType.set(type, [...(this.handlersByType.get(type) ?? []), callback]);
    this.messageHandlers.set(type, callback);
  }

  /** The contracts with their handlers, as `replayParked` needs them too. Throws when they do not match. */
  handled(): readonly HandledContract<EntityManager>[] {
    if (!this.tellsErrors)
      throw new Error('Connect the BusServer with connectBus(app, server): Nest would hide errors.');
    const { contracts } = this.options;
    const unknown = [...this.handlersByType.keys()].filter((type) => !contracts.some((each) => each.type === type));
    if (unknown.length > 0)
      throw new Error(`There are handlers for contracts that are not consumed: ${unknown.join(', ')}.`);
    return contracts.map((contract) => ({ contract, handle: this.handlerOf(contract) }));
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      this.running = runConsumer({ ...this.options, handled: this.handled(), signal: this.stopping.signal });
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Resolves when the transaction under way has ended and the group has been left. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private handlerOf({ type }: Contract): EventHandler<EntityManager> {
    const callbacks = this.handlersByType.get(type);
    if (callbacks === undefined) throw new Error(`The contract ${type} is consumed, but no handler reads it.`);
    return async (event, { tx, message }) => {
      const context = new BusContext([tx, message]);
      for (const callback of callbacks) {
        const result: unknown = await callback(event, context);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      }
    };
  }

  /** There is no client behind the bus port that could be listened to. */
  on(): never {
    throw new Error('The BusServer emits no events; pass `observe`.');
  }

  unwrap<Unwrapped>(): Unwrapped {
    throw new Error('The BusServer has no server underneath; it runs over the bus port.');
  }
}
