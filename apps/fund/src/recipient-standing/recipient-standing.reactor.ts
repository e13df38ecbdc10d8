import {
  type Contract,
  type ContractData,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent, type DueCommand, reacting, type Reaction } from '@alliance/event-bus';
import { Clock } from '@alliance/event-sourcing';
import { CommandHandler, type Schedule } from '@alliance/service-host';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { StandingState } from '../standing';
import { standingsBehind, standingsOf } from './recipients.read-model';
import { recipientStanding } from './recipient-standing.decider';
import { toldStandings } from './told-standing.read-model';

const name = 'recipient-standing';

type NoteStanding = Reaction<'NoteRecipientStanding', StandingState>;
type Published<C extends Contract> = CloudEvent<ContractData<C>>;
type Change = Published<
  | typeof organisationSuspendedV1
  | typeof organisationReinstatedV1
  | typeof organisationLeftV1
  | typeof organisationMergedV1
  | typeof organisationMergeUndoneV1
>;

/**
 * Brings what the registry tells of a recipient into the streams of its grants, with the published event as its cause:
 * from there on nothing is ordered under the old standing. What this service remembers of organisations has to be
 * written before it in the same transaction.
 */
@Controller()
export class RecipientStandingFeed {
  private readonly note;

  constructor(commands: CommandHandler, clock: Clock) {
    this.note = reacting<EntityManager, NoteStanding>({
      name,
      actor: { subject: `fund.${name}`, roles: [] },
      clock,
      policy: async ({ data }, tx) => toldBy(data as Change['data'], tx),
      async execute({ type, target, data }, context) {
        await commands.decide(recipientStanding, target, { type, data, context });
      },
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
    await this.note(fact, context);
  }
}

async function toldBy(data: Change['data'], tx: EntityManager): Promise<readonly NoteStanding[]> {
  const standings = await standingsOf(tx, data.organisationId);
  // The bus keeps the order of one organisation only: of the one it counted as, later news may have come before.
  const left = 'fromOrganisationId' in data ? data.fromOrganisationId : undefined;
  const heard = left === undefined ? undefined : (await toldStandings(tx, [left])).get(left)?.since;
  return standings.map(({ grantId, told }) => {
    const since = heard !== undefined && heard > told.since ? heard : told.since;
    return { target: grantId, type: 'NoteRecipientStanding', data: { ...told, since } };
  });
}

/**
 * Gives the same command where the feed could not: of grants that its read model did not have yet, and of organisations
 * that were told of only after a merge into them.
 */
export const standingSchedule: Schedule<DueCommand<'NoteRecipientStanding', StandingState>> = {
  name,
  everyMs: 5_000,
  async due(tx, { after, limit }) {
    const behind = await standingsBehind(tx, { afterId: after?.target, limit });
    return behind.map(({ grantId, told }) => {
      const occasion = `${told.standing} ${told.survivorId} ${told.since}`;
      return { type: 'NoteRecipientStanding', target: grantId, data: told, occasion };
    });
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(recipientStanding, target, { type, data, context });
  },
};
