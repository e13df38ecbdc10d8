import { type Contract, type ContractData, shortageDeclaredV1, shortageEasedV1 } from '@alliance/contracts';
import { BusContext, type CloudEvent, reacting, type Reaction } from '@alliance/event-bus';
import { Clock, isRefusal } from '@alliance/event-sourcing';
import { CommandHandler } from '@alliance/service-host';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import { shortage, type ShortageCommand } from './shortage.decider';

export const shortageContracts: readonly Contract[] = [shortageDeclaredV1, shortageEasedV1];

type Told = CloudEvent<ContractData<typeof shortageDeclaredV1> | ContractData<typeof shortageEasedV1>>;
type Hear<Cmd = ShortageCommand> = Cmd extends ShortageCommand ? Reaction<Cmd['type'], Cmd['data']> : never;

/** Brings the shortages that the liaison to the public sector publishes into this service's own log. */
@Controller()
export class ShortageFeed {
  private readonly hear;

  constructor(commands: CommandHandler, clock: Clock) {
    this.hear = reacting<EntityManager, Hear>({
      name: 'shortage',
      actor: { subject: 'capacity-matching.shortage', roles: [] },
      clock,
      policy: ({ data }) => [heardBy(data as Told['data'])],
      async execute({ type, target, data }, context) {
        const decided = await commands.decide(shortage, target, { type, data, context } as ShortageCommand);
        // News of one shortage come in order: an end without a beginning is a fault that must not be lost.
        if (isRefusal(decided)) throw new Error(`${type} of shortage ${target} was refused: ${decided.code}.`);
      },
    });
  }

  @EventPattern([shortageDeclaredV1.type, shortageEasedV1.type])
  async told(@Payload() fact: Told, @Ctx() context: BusContext): Promise<void> {
    await this.hear(fact, context);
  }
}

/** Without what a later version of the contract may add. */
function heardBy(data: Told['data']): Hear {
  const shortageId = data.shortageId.toLowerCase();
  if ('easedOn' in data) {
    return { type: 'HearEasing', target: shortageId, data: { shortageId, easedOn: data.easedOn } };
  }
  const { fieldKey, regionKey, declaredOn } = data;
  return { type: 'HearShortage', target: shortageId, data: { shortageId, fieldKey, regionKey, declaredOn } };
}
