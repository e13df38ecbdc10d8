import { type FieldFault, invalidRequest, QueryInteger, RegionKey, Roles } from '@alliance/service-host';
import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, Matches } from 'class-validator';
import { DoubleStructureGate } from './double-structure-gate';
import type { Scope } from './overlap';
import { OverlapsView, overlapsView } from './overlap-views.http';

const SLUG = /^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const KEBAB_CASE = 'must be in kebab-case, such as basic-supplies, with 60 characters at most';

/** What the gate compares: where something begins, and where a structure is recorded. */
export class ScopeDto implements Scope {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Matches(SLUG, { each: true, message: KEBAB_CASE })
  @ApiProperty({ type: [String], description: 'Keys of fields of action.', example: ['orientation'] })
  readonly fieldKeys: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @RegionKey({ each: true })
  @ApiProperty({
    type: [String],
    description: 'AGS of regions, each with all beneath it; all of Germany is the sixteen Länder.',
    example: ['09162000'],
  })
  readonly regionKeys: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Matches(SLUG, { each: true, message: KEBAB_CASE })
  @ApiProperty({
    type: [String],
    description: 'Whom it is for, an open vocabulary; `everyone` is whoever comes.',
    example: ['families', 'unaccompanied-minors'],
  })
  readonly targetGroups: string[];

  @Matches(SLUG, { message: KEBAB_CASE })
  @ApiProperty({ description: 'What it does for them, an open vocabulary.', example: 'legal-advice' })
  readonly service: string;
}

export class OverlapsQuery {
  @IsOptional()
  @QueryInteger({ min: 1, max: 50 })
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 50, default: 20 })
  readonly limit: number = 20;
}

/** The gate of a service that knows structures from the registry's contracts; it is as new as the bus has brought it. */
@ApiTags('double structures')
@Controller('overlaps')
export class OverlapsController {
  constructor(private readonly gate: DoubleStructureGate) {}

  @Post()
  @HttpCode(200)
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @ApiOperation({ summary: 'The existing structures that overlap with a proposal, and what going on would need.' })
  @ApiOkResponse({ type: OverlapsView })
  async ask(@Body() proposal: ScopeDto, @Query() { limit }: OverlapsQuery): Promise<OverlapsView> {
    const faults = await regionFaults(this.gate, proposal.regionKeys);
    if (faults.length > 0) throw invalidRequest(faults);
    return overlapsView(await this.gate.ask(proposal, { limit }));
  }
}

/** The faults of a list of region keys: each key that no recorded region has. */
export async function regionFaults(gate: DoubleStructureGate, keys: readonly string[]): Promise<readonly FieldFault[]> {
  const unknown = new Set(await gate.unknownRegions(keys));
  const fault = { reason: 'unknown', expected: 'the AGS of a region that is recorded' } as const;
  return keys.flatMap((key, at) => (unknown.has(key) ? [{ field: `regionKeys[${at}]`, ...fault }] : []));
}
