import { berlinDayOf, weekOf } from '@alliance/calendar';
import {
  type Contract,
  type ContractData,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent, type DueCommand, reacting } from '@alliance/event-bus';
import { Clock, type CommandContext } from '@alliance/event-sourcing';
import { CommandHandler, type Schedule } from '@alliance/service-host';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import { allocation } from './allocation/allocation.decider';
import { need } from './need/need.decider';
import { offer } from './offer/offer.decider';
import { commitmentsInDoubt, commitmentsOf } from './organisation-standing/commitment.read-model';
import { type StandingWish, wishFor } from './organisation-standing/organisation-standing.policy';

const name = 'organisation-standing';

type Published<C extends Contract> = CloudEvent<ContractData<C>>;
type Change = Published<
  | typeof organisationSuspendedV1
  | typeof organisationReinstatedV1
  | typeof organisationLeftV1
  | typeof organisationMergedV1
  | typeof organisationMergeUndoneV1
>;

/**
 * Lets what organisations have under way follow at once when the registry tells that their standing has changed. What this
 * service remembers of organisations has to be written before it in the same transaction.
 */
@Controller()
export class OrganisationStandingFeed {
  private readonly follow;

  constructor(commands: CommandHandler, clock: Clock) {
    this.follow = reacting<EntityManager, StandingWish>({
      name,
      actor: { subject: `capacity-matching.${name}`, roles: [] },
      clock,
      async policy({ data }, tx) {
        const concerned = await commitmentsOf(tx, (data as Change['data']).organisationId);
        const thisWeek = weekOf(berlinDayOf(clock.now().toISOString()));
        return concerned.flatMap((one) => wishFor(one, thisWeek) ?? []);
      },
      execute: (wish, context) => carryOut(wish, context, commands),
    });
  }

  @EventPattern([
    organisationSuspendedV1.type,
    organisationReinstatedV1.type,
    organisationLeftV1.type,
    organisationMergedV1.type,
    organisationMergeUndoneV1.type,
  ])
  async changed(@Payload() fact: Change, @Ctx() context: BusContext): Promise<void> {
    await this.follow(fact, context);
  }
}

type DueWish = StandingWish & DueCommand;

/**
 * Does the same where the feed could not: for what its read model did not have yet, and for organisations that were told
 * of only after a merge into them. So whatever comes out of order ends as things stand.
 */
export const standingSchedule: Schedule<DueWish> = {
  name,
  everyMs: 5_000,
  async due(tx, { now, after, limit }) {
    const thisWeek = weekOf(berlinDayOf(now.toISOString()));
    const due: DueWish[] = [];
    let afterId = after?.target;
    do {
      const page = await commitmentsInDoubt(tx, { afterId, limit });
      for (const commitment of page) {
        const wish = wishFor(commitment, thisWeek);
        // The same wish may come up anew, but only after something else has happened to the commitment.
        if (wish !== undefined) due.push({ ...wish, occasion: commitment.revision });
      }
      afterId = page.length < limit ? undefined : page.at(-1)?.id;
    } while (afterId !== undefined && due.length < limit);
    return due.slice(0, limit);
  },
  execute: ({ occasion: _, ...wish }, context, commands) => carryOut(wish, context, commands),
};

/** A refusal means that it is over already, such as an offer that was withdrawn meanwhile. */
async function carryOut(wish: StandingWish, context: CommandContext, commands: CommandHandler): Promise<void> {
  const { type, target } = wish;
  switch (type) {
    case 'PauseOffer':
    case 'ResumeOffer':
    case 'WithdrawOffer':
      await commands.decide(offer, target, { type, data: wish.data, context });
      return;
    case 'CloseNeed':
      await commands.decide(need, target, { type, data: wish.data, context });
      return;
    case 'CallOffAllocation':
      await commands.decide(allocation, target, { type, data: wish.data, context });
      return;
    case 'ReleaseAllocation':
      await commands.decide(allocation, target, { type, data: wish.data, context });
  }
}
