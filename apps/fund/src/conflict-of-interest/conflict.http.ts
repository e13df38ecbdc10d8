import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  CurrentActor,
  invalidRequest,
  Roles,
  UuidParam,
  Text,
} from '@alliance/service-host';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { DataSource } from 'typeorm';
import { isAuditing } from '../content-access';
import { standpointOf } from '../grant-by-log.http';
import { type ConflictCommand, grantConflicts } from './conflict.decider';
import { type ConflictKind, conflictKinds } from './conflict.events';

const kinds = ['none', ...conflictKinds] as const;

class DeclarationDto {
  @IsIn(kinds)
  @ApiProperty({ enum: kinds, description: '`none` opens the content; a conflict closes it for good.' })
  readonly kind: 'none' | ConflictKind;

  @IsOptional()
  @Text(255)
  @ApiPropertyOptional({ description: 'Of whom a coordinator declares a conflict; oneself, where it is left out.' })
  readonly subject?: string;
}

class DeclarationView {
  @ApiProperty({ description: 'Pseudonymous.' })
  readonly subject: string;
  @ApiProperty({ enum: kinds })
  readonly kind: 'none' | ConflictKind;
}

class DeclarationsView {
  @ApiProperty({
    type: [DeclarationView],
    description: 'The last word of each; of others only for those who work on it.',
  })
  readonly items: readonly DeclarationView[];
}

/** Everyone with a part in a grant says first whether they are impartial. */
@ApiTags('conflicts of interest')
@Controller('grants/:id/conflict-declarations')
export class ConflictController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post()
  @Roles('reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiCommand({ status: 204 })
  async declare(@UuidParam('id') id: string, @Body() body: DeclarationDto, @Context() context: CommandContext) {
    const command = await this.commandOf(id, body, context);
    return commandReply(await this.commands.handle(grantConflicts, id, command));
  }

  /** By the log. */
  @Get()
  @Roles('reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiOkResponse({ type: DeclarationsView })
  async declarations(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<DeclarationsView> {
    const { facts, access } = await standpointOf(this.commands, this.database.manager, actor, id);
    const { cleared, conflicted } = facts.declared;
    const all = [
      ...cleared.map((subject) => ({ subject, kind: 'none' as const })),
      ...[...conflicted].map(([subject, kind]) => ({ subject, kind })),
    ];
    const worksOnIt = ['fund-officer', 'coordinator'].some((role) => actor.roles.includes(role));
    const seesAll = (worksOnIt || isAuditing(actor.roles)) && access === 'content';
    return { items: seesAll ? all : all.filter(({ subject }) => subject === actor.subject) };
  }

  private async commandOf(
    id: string,
    { kind, subject = undefined }: DeclarationDto,
    context: CommandContext,
  ): Promise<ConflictCommand> {
    const { actor } = context;
    if (kind !== 'none') return { type: 'DeclareConflict', data: { subject: subject ?? actor.subject, kind }, context };
    if (subject !== undefined && subject !== actor.subject) {
      const expected = 'nothing: everyone declares for themselves that they have no conflict of interest';
      throw invalidRequest([{ field: 'subject', reason: 'invalid', expected }]);
    }
    const { panel, conflicts } = await standpointOf(this.commands, this.database.manager, actor, id);
    const { interestedOrganisationIds } = conflicts;
    return { type: 'DeclareNoConflict', data: { panel, interestedOrganisationIds }, context };
  }
}
