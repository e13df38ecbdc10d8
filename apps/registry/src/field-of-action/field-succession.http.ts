import type { CommandContext } from '@alliance/event-sourcing';
import { ApiCommand, CommandHandler, commandReply, Context, Roles, Day, Slug } from '@alliance/service-host';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { fieldOfAction } from './field-of-action.decider';
import { FIELD_SUCCESSIONS } from './field-of-action.events';
import { NamesDto } from './field-of-action.http';
import { fieldSuccession } from './field-succession.decider';
import { settleSuccession } from './field-succession.reactor';

class SuccessorDto {
  @Slug()
  @ApiProperty({ example: 'emergency-shelter' })
  readonly key: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => NamesDto)
  @ApiPropertyOptional({ description: 'Of a field that is new from that day on; without names it exists already.' })
  readonly names?: NamesDto;
}

class SuccessionDto {
  @Day()
  @ApiProperty({
    description: 'The first day of the successors. The predecessors end on the day before.',
    example: '2023-01-01',
  })
  readonly effectiveOn: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({ type: [String], example: ['accommodation'] })
  readonly predecessorKeys: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique(({ key }: SuccessorDto) => key)
  @ValidateNested({ each: true })
  @Type(() => SuccessorDto)
  @ApiProperty({ type: [SuccessorDto] })
  readonly successors: SuccessorDto[];
}

@ApiTags('fields of action')
@Controller('fields-of-action/successions')
export class FieldSuccessionController {
  constructor(private readonly commands: CommandHandler) {}

  /** What was recorded under the old keys stays under them, and is found under the new ones too. */
  @Post()
  @Roles('coordinator')
  @ApiOperation({
    summary:
      'Splits a field (one predecessor, several successors), merges fields (the other way round), or replaces one.',
  })
  @ApiCommand({ status: 204 })
  async succeed(@Body() body: SuccessionDto, @Context() context: CommandContext) {
    const keys = [...body.predecessorKeys, ...body.successors.map(({ key }) => key)];
    const loaded = await Promise.all(keys.map((key) => this.commands.load(fieldOfAction, key)));
    const fields = loaded.flatMap(({ state }) => (state.stage === 'none' ? [] : [state.field]));
    const command = { type: 'SucceedFields', data: { ...body, fields }, context } as const;
    const accepted = await this.commands.handle(fieldSuccession, FIELD_SUCCESSIONS, command);
    const settled = await settleSuccession(this.commands, accepted.events[0]?.data ?? body, context);
    return commandReply({ ...accepted, position: settled?.position ?? accepted.position });
  }
}
