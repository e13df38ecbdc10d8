import { BaseRpcContext } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { DeliveredMessage } from '../bus';
import type { HandlerContext } from '../handlers';

/** What an `@EventPattern` handler gets as `@Ctx()`. */
export class BusContext
  extends BaseRpcContext<[EntityManager, DeliveredMessage]>
  implements HandlerContext<EntityManager>
{
  /** What is written through it commits together with the inbox: exactly once. */
  get tx(): EntityManager {
    return this.args[0];
  }

  get message(): DeliveredMessage {
    return this.args[1];
  }
}
