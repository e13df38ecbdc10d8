import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  booleanOfQuery,
  CommandHandler,
  commandReply,
  Context,
  created,
  type Paged,
  PageQuery,
  parseSort,
  Roles,
  Slug,
  Text,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { skill } from './skill.decider';
import { findSkills } from './skill-list.read-model';

class SkillDto {
  @Slug()
  @ApiProperty({ description: 'Stays, and is given to no other skill.', example: 'social-work' })
  readonly key: string;

  @Text(200)
  @ApiProperty({ example: 'Sozialarbeit' })
  readonly nameDe: string;

  @Text(200)
  @ApiProperty({ example: 'Social work' })
  readonly nameEn: string;
}

class SkillParams {
  @Slug()
  readonly key: string;
}

class SkillsQuery extends PageQuery {
  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean' })
  readonly retired?: boolean;

  @IsOptional()
  @Text(200)
  @ApiPropertyOptional({ description: 'What is in one of its names.' })
  readonly search?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'key, nameDe, nameEn; a minus sign turns the order.', default: 'key' })
  readonly sort?: string;
}

class SkillKey {
  @ApiProperty()
  readonly key: string;
}

class SkillView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty()
  readonly nameDe: string;
  @ApiProperty()
  readonly nameEn: string;
  @ApiProperty({ description: 'Nothing new is recorded with it.' })
  readonly isRetired: boolean;
}

@ApiTags('skills')
@Controller('skills')
export class SkillController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post()
  @Roles('coordinator')
  @ApiCommand({ status: 201, type: SkillKey })
  async add(@Body() data: SkillDto, @Context() context: CommandContext) {
    const command = { type: 'AddSkill', data, context } as const;
    const accepted = await this.commands.handle(skill, data.key, command, { startsStream: true });
    return created(accepted, '/capacity-matching/skills', { key: data.key });
  }

  @Post(':key/retirement')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async retire(@Param() { key }: SkillParams, @Context() context: CommandContext) {
    return commandReply(await this.commands.handle(skill, key, { type: 'RetireSkill', data: { key }, context }));
  }

  @Get()
  @Roles('coordinator', 'representative')
  @WaitsFor('skill-list')
  @ApiPaged(SkillView)
  list(@Query() { retired, search, sort, limit, cursor }: SkillsQuery): Promise<Paged<SkillView>> {
    const order = parseSort(sort, ['key', 'nameDe', 'nameEn']);
    return findSkills(this.database.manager, { isRetired: retired, search, order, limit, cursor });
  }
}
