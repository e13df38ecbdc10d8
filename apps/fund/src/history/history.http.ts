import { type Actor, comparePositions, parsePosition } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import {
  ApiPaged,
  CommandHandler,
  CurrentActor,
  invalidRequest,
  type Paged,
  PageQuery,
  Roles,
  UuidParam,
} from '@alliance/service-host';
import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { demandAccess } from '../grant-by-log.http';
import { grantHistory, grantStream } from './grant-history';
import { type Fact, grantStateOf } from './grant-state';
import { historyEntry, type HistoryEntry } from './history-entry';
import { isUpTo, type Moment, parseMoment } from './moment';

const AT = 'A position as 4711/4711, a time in UTC as 2026-03-20T10:00:00Z, or a day, which means its end.';

class HistoryQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(60)
  @ApiPropertyOptional({ description: `Nothing that came later is told. ${AT}` })
  readonly at?: string;
}

class MomentQuery {
  @IsOptional()
  @IsString()
  @MaxLength(60)
  @ApiPropertyOptional({ description: `The present unless said otherwise. ${AT}` })
  readonly at?: string;
}

class HistoryEntryView implements HistoryEntry {
  @ApiProperty({ example: '4711/4711' })
  readonly position: string;
  readonly stream: string;
  readonly revision: string;
  @ApiProperty({ format: 'date-time' })
  readonly at: string;
  @ApiProperty({ description: 'Pseudonymous.' })
  readonly by: string;
  readonly roles: string[];
  @ApiProperty({ example: 'DecisionApproved' })
  readonly event: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Of amount and terms.' })
  readonly version?: number;
  readonly reason?: string;
  readonly eventId: string;
  readonly causationId: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly data: HistoryEntry['data'];
}

class GrantStateView {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'By the name of the fact: its value, and the positions of the events that it rests on.',
  })
  readonly facts: Record<string, Fact>;
}

/** What auditors see of a grant, by the log; each read is a line in the service's own log. */
@ApiTags('history')
@Controller('grants/:id')
export class HistoryController {
  constructor(
    private readonly store: EventStore,
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Get('history')
  @Roles('auditor')
  @ApiPaged(HistoryEntryView)
  async history(
    @UuidParam('id') id: string,
    @Query() { at, limit, cursor }: HistoryQuery,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
  ): Promise<Paged<HistoryEntry>> {
    const moment = momentOf(at);
    const after = cursor === undefined ? undefined : parsePosition(cursor);
    if (cursor !== undefined && after === undefined) {
      throw invalidRequest([{ field: 'cursor', reason: 'invalid', expected: 'nextCursor of the page before' }]);
    }
    await demandAccess(this.commands, this.database.manager, actor, id);
    const events = await grantHistory(this.store, id);
    told(request, actor, id, at);
    const wanted = events.filter(
      (event) =>
        (moment === undefined || isUpTo(moment, event)) &&
        (after === undefined || comparePositions(event.position, after) > 0),
    );
    const items = wanted.slice(0, limit).map(historyEntry);
    const last = items.at(-1);
    return { items, ...(wanted.length > limit && last !== undefined && { nextCursor: last.position }) };
  }

  /** What held at a moment, and by which events. */
  @Get('state')
  @Roles('auditor')
  @ApiOkResponse({ type: GrantStateView })
  async state(
    @UuidParam('id') id: string,
    @Query() { at }: MomentQuery,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
  ): Promise<GrantStateView> {
    const moment = momentOf(at);
    await demandAccess(this.commands, this.database.manager, actor, id);
    const events = await grantStream(this.store, id);
    told(request, actor, id, at);
    const state = grantStateOf(events.filter((event) => moment === undefined || isUpTo(moment, event)));
    return { facts: Object.fromEntries(state) };
  }
}

function told({ log }: FastifyRequest, { subject }: Actor, grantId: string, at: string | undefined): void {
  log.info({ subject, grantId, at }, 'history read');
}

function momentOf(at: string | undefined): Moment | undefined {
  const moment = at === undefined ? undefined : parseMoment(at);
  if (at !== undefined && moment === undefined) {
    const expected = 'a position as 4711/4711, a time in UTC as 2026-03-20T10:00:00Z or a day as 2026-03-20';
    throw invalidRequest([{ field: 'at', reason: 'invalid', expected }]);
  }
  return moment;
}
