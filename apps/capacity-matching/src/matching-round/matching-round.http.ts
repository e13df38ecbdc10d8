import { addWeeks, berlinDayOf } from '@alliance/calendar';
import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  created,
  newId,
  notFound,
  type Paged,
  parseSort,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { MatchingSettings } from '../capacity-matching.config';
import { matchingRound } from './matching-round.decider';
import { firstWholeWeek, type RoundSettings } from './round-inputs';
import { findProposals, findRounds, findUnserved, MatchingRoundRow } from './round-register.read-model';
import { ProposalsQuery, RequestRoundDto, RoundsQuery, UnservedQuery } from './round-requests.http';
import { RoundRunner } from './round-runner.http';
import { ProposalView, proposalView, RoundView, roundView, UnservedView, unservedView } from './round-views.http';
import { DEFAULT_WEIGHTS } from './score';

class RoundId {
  @ApiProperty({ format: 'uuid' })
  readonly roundId: string;
}

/** Matching rounds: who should help whom, over all that is open. */
@ApiTags('rounds')
@Controller('rounds')
export class MatchingRoundController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly runner: RoundRunner,
    private readonly own: MatchingSettings,
  ) {}

  /** Takes down what a round sees and begins to run it; `GET` tells how far it has come, and then its result. */
  @Post()
  @Roles('coordinator')
  @ApiCommand({ status: 201, type: RoundId })
  async request(@Body() body: RequestRoundDto, @Context() context: CommandContext) {
    const roundId = newId(context, 'round');
    const prepared = await this.runner.prepare(
      this.settingsOf(body, context.at),
      body.timeLimitMs ?? this.own.roundTimeLimitMs,
    );
    const command = { type: 'RequestRound', data: prepared.request, context } as const;
    const accepted = await this.commands.handle(matchingRound, roundId, command, { startsStream: true });
    // What comes again, under its idempotency key, has begun to run already, over what it saw then.
    const { state } = await this.commands.load(matchingRound, roundId);
    const isOurs = state.stage === 'running' && state.requested.inputsDigest === prepared.request.inputsDigest;
    if (isOurs) this.runner.start(roundId, prepared, context);
    return created(accepted, `/capacity-matching/rounds/${roundId}`, { roundId });
  }

  /** A round that is stopped has no result. */
  @Post(':id/stopping')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async stop(@UuidParam('id') id: string, @Context() context: CommandContext) {
    const data = { reasonCode: 'by-coordinator' };
    const accepted = await this.commands.handle(matchingRound, id, { type: 'StopRound', data, context });
    this.runner.stop(id);
    return commandReply(accepted);
  }

  @Get()
  @Roles('coordinator')
  @WaitsFor('round-register')
  @ApiPaged(RoundView)
  async list(@Query() { status, sort, limit, cursor }: RoundsQuery): Promise<Paged<RoundView>> {
    const order = parseSort(sort, ['requestedAt']);
    const page = await findRounds(this.database.manager, { status, limit, cursor, order });
    return { ...page, items: page.items.map((row) => this.view(row)) };
  }

  @Get(':id')
  @Roles('coordinator')
  @WaitsFor('round-register')
  @ApiOkResponse({ type: RoundView })
  async one(@UuidParam('id') id: string): Promise<RoundView> {
    return this.view(await this.round(id));
  }

  /** What a round proposes, with every term of each score; nothing as long as it has no result. */
  @Get(':id/proposals')
  @Roles('coordinator')
  @WaitsFor('round-register')
  @ApiPaged(ProposalView)
  async proposals(@UuidParam('id') id: string, @Query() query: ProposalsQuery): Promise<Paged<ProposalView>> {
    if ((await this.round(id)).status !== 'solved') return { items: [] };
    const { sort, ...filter } = query;
    const page = await findProposals(this.database.manager, {
      ...{ ...filter, roundId: id, order: parseSort(sort, ['score']) },
    });
    return { ...page, items: page.items.map(proposalView) };
  }

  /** What needs go without, why, and what would have to change; nothing as long as the round has no result. */
  @Get(':id/unserved')
  @Roles('coordinator')
  @WaitsFor('round-register', 'need-register')
  @ApiPaged(UnservedView)
  async unserved(@UuidParam('id') id: string, @Query() query: UnservedQuery): Promise<Paged<UnservedView>> {
    if ((await this.round(id)).status !== 'solved') return { items: [] };
    const { sort, ...filter } = query;
    const page = await findUnserved(this.database.manager, {
      ...{ ...filter, roundId: id, order: parseSort(sort, ['severity']) },
    });
    return { ...page, items: page.items.map(unservedView) };
  }

  private async round(id: string): Promise<MatchingRoundRow> {
    const found = await this.database.manager.findOneBy(MatchingRoundRow, { id });
    if (found === null) throw notFound('ROUND_UNKNOWN', 'There is no round with this id.');
    return found;
  }

  private view(row: MatchingRoundRow): RoundView {
    return roundView(row, row.status === 'running' ? this.runner.progressOf(row.id) : undefined);
  }

  private settingsOf({ weeks = this.own.roundWeeks, weights }: RequestRoundDto, at: string): RoundSettings {
    const today = berlinDayOf(at);
    const firstWeek = firstWholeWeek(today);
    const given = Object.entries(weights ?? {}).filter(([, weight]) => weight !== undefined);
    return {
      ...{ today, firstWeek, lastWeek: addWeeks(firstWeek, weeks - 1) },
      weights: { ...DEFAULT_WEIGHTS, ...(Object.fromEntries(given) as typeof weights) },
      ...{ waitingFullDays: this.own.roundWaitingFullDays, loadFullPeople: this.own.roundLoadFullPeople },
      holdHours: this.own.holdHours,
    };
  }
}
