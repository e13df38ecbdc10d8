import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  CurrentActor,
  Roles,
  UuidParam,
} from '@alliance/service-host';
import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { settleAwardNow } from '../award.reactor';
import { FundSettings } from '../fund.config';
import { demandAccess, grantUnknown, type Standpoint, standpointOf } from '../grant-by-log.http';
import type { Terms } from '../terms';
import type { TermsDto } from '../terms.http';
import { ContractDto, ProposalDto, RevocationDto, SeenVersionDto } from './decision-requests.http';
import { DecidedStage, decisionView, DecisionView, ProposedVersion } from './decision-views.http';
import { grantDecision } from './decision.decider';
import type { DecisionCommand } from './decision-commands';
import { GrantEligibility } from './grant-eligibility.http';

/** From the proposal to the end of a grant. */
@ApiTags('decision on a grant')
@Controller('grants/:id')
export class DecisionController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
    private readonly eligibility: GrantEligibility,
  ) {}

  /** Each change is a version of its own, which nobody has approved. */
  @Post('decision-proposals')
  @Roles('fund-officer')
  @ApiCommand({ status: 200, type: ProposedVersion })
  async propose(@UuidParam('id') id: string, @Body() body: ProposalDto, @Context() context: CommandContext) {
    const standpoint = await demandAccess(this.commands, this.database.manager, context.actor, id);
    const { terms: deviating, ...proposal } = body;
    const terms = deviating && termsBesides(deviating, standpoint.facts.call.terms);
    const { doubleFunding } = await this.eligibility.outside(id);
    const accepted = await this.give(id, {
      type: 'ProposeDecision',
      data: {
        ...independenceOf(standpoint),
        proposal: { ...proposal, ...(terms !== undefined && { terms }) },
        doubleFunding,
        thirdFrom: this.settings.thirdApproverFrom('grant'),
        reviewRule: this.reviewRule(),
      },
      context,
    });
    const [proposed] = accepted.events.filter((event) => event.type === 'DecisionProposed');
    return commandReply(accepted, { version: proposed?.data.version ?? (await this.presentVersion(id)) });
  }

  /** With the last approval that is needed it is decided, and an award is made if the pot suffices. */
  @Post('decision-approvals')
  @Roles('approver')
  @ApiCommand({ status: 200, type: DecidedStage })
  async approve(@UuidParam('id') id: string, @Body() body: SeenVersionDto, @Context() context: CommandContext) {
    const standpoint = await standpointOf(this.commands, this.database.manager, context.actor, id);
    const accepted = await this.give(id, {
      type: 'ApproveDecision',
      data: {
        ...independenceOf(standpoint),
        seenVersion: body.seenVersion,
        outside: await this.eligibility.outside(id),
        reviewRule: this.reviewRule(),
      },
      context,
    });
    if (accepted.events.some(({ type }) => type === 'AwardDecided')) {
      await settleAwardNow(this.commands, this.database.manager, id, context);
    }
    const { state } = await this.commands.load(grantDecision, id);
    return commandReply(accepted, { stage: state.stage });
  }

  /** Until it is decided. */
  @Delete('decision-approvals/mine')
  @Roles('approver')
  @ApiCommand({ status: 204 })
  async withdrawApproval(@UuidParam('id') id: string, @Context() context: CommandContext) {
    await standpointOf(this.commands, this.database.manager, context.actor, id);
    return commandReply(await this.give(id, { type: 'WithdrawDecisionApproval', data: {}, context }));
  }

  /** What is proposed, who has approved it, and who still may. */
  @Get('decision')
  @Roles('fund-officer', 'coordinator', 'reviewer', 'approver')
  @ApiOkResponse({ type: DecisionView })
  async decision(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<DecisionView> {
    const { conflicts, panel } = await demandAccess(this.commands, this.database.manager, actor, id);
    const { state } = await this.commands.load(grantDecision, id);
    if (state.stage === 'none') throw grantUnknown();
    return decisionView(state, conflicts, panel);
  }

  /** It has been signed by both sides. */
  @Post('contract')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async contract(@UuidParam('id') id: string, @Body() data: ContractDto, @Context() context: CommandContext) {
    await demandAccess(this.commands, this.database.manager, context.actor, id);
    return commandReply(await this.give(id, { type: 'RecordContract', data, context }));
  }

  /** By an approver who neither requested, proposed nor approved it. Nothing further is paid. */
  @Post('revocation')
  @Roles('approver')
  @ApiCommand({ status: 204 })
  async revoke(@UuidParam('id') id: string, @Body() body: RevocationDto, @Context() context: CommandContext) {
    const standpoint = await demandAccess(this.commands, this.database.manager, context.actor, id);
    const data = { ...independenceOf(standpoint), reasonCode: body.reasonCode };
    return commandReply(await this.give(id, { type: 'RevokeGrant', data, context }));
  }

  /** When nothing is owed any more; else 409 with all that is. */
  @Post('closure')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async close(@UuidParam('id') id: string, @Context() context: CommandContext) {
    await demandAccess(this.commands, this.database.manager, context.actor, id);
    return commandReply(await this.give(id, { type: 'CloseGrant', data: {}, context }));
  }

  private give(id: string, command: DecisionCommand) {
    return this.commands.handle(grantDecision, id, command);
  }

  private async presentVersion(id: string): Promise<number> {
    const { state } = await this.commands.load(grantDecision, id);
    if (state.stage === 'none' || state.endorsement === undefined) throw new Error('Nothing has been proposed.');
    return state.endorsement.version;
  }

  private reviewRule() {
    const { reviewsAtLeast: atLeast, reviewSpreadPercent: spreadPercent } = this.settings;
    return { atLeast, spreadPercent };
  }
}

function independenceOf({ panel, conflicts: { interestedOrganisationIds } }: Standpoint) {
  return { panel, interestedOrganisationIds };
}

function termsBesides(deviating: TermsDto, terms: Terms): Terms {
  const named = Object.entries(deviating).filter(([, value]) => value !== undefined);
  return { ...terms, ...Object.fromEntries(named) };
}
