import { berlinDayOf, weekOf } from '@alliance/calendar';
import { type Actor, type CommandContext, type RecordedEvent, refuse } from '@alliance/event-sourcing';
import type { Accepted } from '@alliance/event-store';
import { findSurvivors } from '@alliance/known-organisations';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  created,
  newId,
  RefusedError,
  Roles,
  UuidParam,
} from '@alliance/service-host';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { settleAllocationNow } from '../allocation.reactor';
import { MatchingSettings } from '../capacity-matching.config';
import { needByLog, offerByLog } from '../matched-by-log.http';
import { actingFor, isOwn } from '../own-organisation.http';
import { refusedProposal, type WantedProposal } from '../proposal-rules';
import { allocation, type AllocationCommand, type AllocationState } from './allocation.decider';
import { type AllocationEvent, type Side, sides } from './allocation.events';
import { underWayFor } from './allocation-register.read-model';
import { DeclineDto, HoursDto, ProposalDto, ReleaseDto } from './allocation-requests.http';
import { AllocationStanding } from './allocation-views.http';
import { findHoarders } from './hoarding.read-model';
import { demandOrderedRuns } from './week-runs.http';

type Proposed = Exclude<AllocationState, { stage: 'none' }>;

const HOUR_MS = 3_600_000;

/** A machine or a coordinator proposes; both sides confirm, and say what was worked. */
@ApiTags('allocations')
@Controller('allocations')
export class AllocationController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: MatchingSettings,
  ) {}

  /** By hand, beside the rounds, and by the same hard rules. The answer says whether the offer holds the minutes. */
  @Post()
  @Roles('coordinator')
  @ApiCommand({ status: 201, type: AllocationStanding })
  async propose(@Body() { offerId, needId, weeks }: ProposalDto, @Context() context: CommandContext) {
    demandOrderedRuns(weeks);
    const allocationId = newId(context, 'allocation');
    const [offered, needed] = [await offerByLog(this.commands, offerId), await needByLog(this.commands, needId)];
    // What a repeat of the request would find in its way may be what it has brought about itself.
    const { last } = await this.commands.load(allocation, allocationId);
    if (last === undefined) await this.demandProposable({ offerId, needId, offered, needed, weeks }, context.at);

    const expiresAt = new Date(Date.parse(context.at) + this.settings.holdHours * HOUR_MS).toISOString();
    const between = { supportingOrganisationId: offered.organisationId, helpingOrganisationId: needed.organisationId };
    const data = { offerId, needId, ...between, weeks, expiresAt };
    const command: AllocationCommand = { type: 'ProposeAllocation', data, context };
    const accepted = await this.commands.handle(allocation, allocationId, command, { startsStream: true });
    const { reply, standing } = await this.settled(allocationId, accepted, context);
    return created(reply, `/capacity-matching/allocations/${allocationId}`, standing);
  }

  /** By a representative of one of its two sides, for that side. It starts when both have, two persons. */
  @Post(':id/acceptance')
  @Roles('representative')
  @ApiCommand({ status: 200, type: AllocationStanding })
  async accept(@UuidParam('id') id: string, @Context() context: CommandContext) {
    const { state, side } = await this.ownSide(id, context.actor);
    await actingFor(this.database.manager, context.actor);
    await this.demandAdmitted([state.supportingOrganisationId, state.helpingOrganisationId]);
    if (state.stage === 'proposed') await needByLog(this.commands, state.needId);
    const accepted = await this.give(id, { type: 'AcceptAllocation', data: { side }, context });
    const { reply, standing } = await this.settled(id, accepted, context);
    return commandReply(reply, standing);
  }

  /** Until both sides have accepted. What the offer held is free again. */
  @Post(':id/refusal')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async decline(@UuidParam('id') id: string, @Body() data: DeclineDto, @Context() context: CommandContext) {
    const { side } = await this.ownSide(id, context.actor);
    return commandReply(await this.give(id, { type: 'DeclineAllocation', data: { side, ...data }, context }));
  }

  /** Gives up what is to come. What was worked before stays to be reported. */
  @Post(':id/release')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async release(
    @UuidParam('id') id: string,
    @Body() { reasonCode, fromWeek }: ReleaseDto,
    @Context() context: CommandContext,
  ) {
    const isCoordinator = context.actor.roles.includes('coordinator');
    const { stage } = isCoordinator ? await this.known(id) : (await this.ownSide(id, context.actor)).state;
    if (stage !== 'started') {
      return commandReply(await this.give(id, { type: 'ReleaseAllocation', data: { reasonCode }, context }));
    }
    const thisWeek = weekOf(berlinDayOf(context.at));
    const from = fromWeek ?? thisWeek;
    if (from < thisWeek) {
      const detail = `${from} is over; what is to come can be given up, from ${thisWeek} on.`;
      throw new RefusedError(refuse('unprocessable', 'WEEK_PAST', detail, { thisWeek }));
    }
    const data = { reasonCode, fromWeek: from };
    return commandReply(await this.give(id, { type: 'ReleaseAllocation', data, context }));
  }

  /** What one side says was worked in a week; its later word replaces its earlier one. */
  @Post(':id/hours')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async report(@UuidParam('id') id: string, @Body() data: HoursDto, @Context() context: CommandContext) {
    const { side } = await this.ownSide(id, context.actor);
    return commandReply(await this.give(id, { type: 'ReportHours', data: { side, ...data }, context }));
  }

  private give(id: string, command: AllocationCommand) {
    return this.commands.handle(allocation, id, command);
  }

  /** Where the process between offer and allocation has brought it by now. */
  private async settled(allocationId: string, accepted: Accepted, context: CommandContext) {
    await settleAllocationNow(this.commands, allocationId, context);
    const { state, last } = await this.commands.load(allocation, allocationId);
    if (state.stage === 'none' || last === undefined) throw new Error(`There is no allocation ${allocationId}.`);
    const { type, data } = last as RecordedEvent & AllocationEvent;
    const standing: AllocationStanding = {
      ...{ allocationId, stage: state.stage, isSecured: state.stage !== 'proposed' || state.isSecured },
      ...(type === 'AllocationFailed' && { reasonCode: data.reasonCode }),
    };
    return { reply: { ...accepted, revision: last.revision, position: last.position }, standing };
  }

  private async known(id: string): Promise<Proposed> {
    const { state } = await this.commands.load(allocation, id);
    if (state.stage === 'none') throw unknown();
    return state;
  }

  /** Refuses with 404 whose organisation is neither side. */
  private async ownSide(id: string, actor: Actor): Promise<{ readonly state: Proposed; readonly side: Side }> {
    const state = await this.known(id);
    const own: Side[] = [];
    for (const side of sides) {
      if (await isOwn(this.database.manager, actor, state[`${side}OrganisationId`])) own.push(side);
    }
    const [side, other] = own;
    if (side === undefined) throw unknown();
    if (other !== undefined) {
      const detail = 'Both sides have become one organisation, by a merge: nobody can confirm for both.';
      throw new RefusedError(refuse('conflict', 'ALLOCATION_SIDES_MERGED', detail));
    }
    return { state, side };
  }

  private async demandProposable(
    { needId, ...wanted }: Omit<WantedProposal, 'underWay'> & { readonly needId: string },
    at: string,
  ): Promise<void> {
    const organisationIds = [wanted.offered.organisationId, wanted.needed.organisationId];
    await this.demandAdmitted(organisationIds);
    await this.demandNoHoarding(organisationIds);
    const underWay = await underWayFor(this.database.manager, [needId]);
    const refusal = refusedProposal({ ...wanted, underWay }, berlinDayOf(at));
    if (refusal !== undefined) throw new RefusedError(refusal);
  }

  private async demandAdmitted(organisationIds: readonly string[]): Promise<void> {
    const survivors = await findSurvivors(this.database.manager, organisationIds);
    const organisationId = organisationIds.find((id) => survivors.get(id)?.status !== 'admitted');
    if (organisationId === undefined) return;
    const standing = survivors.get(organisationId)?.status ?? 'unknown';
    const detail = `Nothing begins with an organisation that is ${standing} to the registry.`;
    throw new RefusedError(refuse('conflict', 'SIDE_NOT_ADMITTED', detail, { organisationId, standing }));
  }

  private async demandNoHoarding(organisationIds: readonly string[]): Promise<void> {
    const rule = this.settings.hoarding();
    const [hoarder] = (await findHoarders(this.database.manager, rule, organisationIds)).values();
    if (hoarder === undefined) return;
    const detail =
      `${hoarder.open} allocations of the organisation wait for both sides, and ${hoarder.delivered} of the ` +
      `${hoarder.ended} that have ended were delivered; below ${rule.finishedBelowPercent} % the limit is ${rule.openAtMost}.`;
    throw new RefusedError(refuse('conflict', 'HOARDING_LIMIT', detail, { ...hoarder, ...rule }));
  }
}

function unknown() {
  return new RefusedError(refuse('not-found', 'ALLOCATION_UNKNOWN', 'There is no allocation with this id.'));
}
