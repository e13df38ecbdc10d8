import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Demand, demands, type GateFinding } from './double-structure-gate';

class TermView {
  @ApiProperty({ minimum: 0, maximum: 1 })
  readonly score: number;
  @ApiProperty({ example: 'München (09162000) lies within Bayern (09000000), 2 steps up' })
  readonly reason: string;
}

class TermsView {
  @ApiProperty()
  readonly field: TermView;
  @ApiProperty()
  readonly region: TermView;
  @ApiProperty()
  readonly targetGroup: TermView;
  @ApiProperty()
  readonly service: TermView;
}

class ExistingStructureView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty()
  readonly name: string;
  @ApiProperty({ type: [String] })
  readonly fieldKeys: readonly string[];
  @ApiProperty({ type: [String], description: 'AGS.' })
  readonly regionKeys: readonly string[];
  @ApiProperty({ type: [String] })
  readonly targetGroups: readonly string[];
  @ApiProperty()
  readonly service: string;
}

class OwnerView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiPropertyOptional()
  readonly name?: string;
}

class OverlapView {
  @ApiProperty({ description: 'The product of the terms: 1 is the same, 0 has nothing in common.' })
  readonly score: number;
  @ApiProperty()
  readonly terms: TermsView;
  @ApiProperty()
  readonly structure: ExistingStructureView;
  @ApiProperty()
  readonly organisation: OwnerView;
  @ApiProperty({ example: 'Join Rechtsberatung Ukraine of Münchner Tafel' })
  readonly suggestion: string;
}

/** What the gate against double structures answers. */
export class OverlapsView {
  @ApiProperty({
    enum: demands,
    description: 'What going on needs: nothing, a reason, or a reason and the consent of a second person.',
  })
  readonly demands: Demand;
  @ApiProperty({ description: 'The score from which on a reason is needed.' })
  readonly reasonFrom: number;
  @ApiProperty({ description: 'The score from which on consent is needed.' })
  readonly consentFrom: number;
  @ApiProperty({ type: [OverlapView], description: 'Existing structures, those that overlap most first.' })
  readonly items: readonly OverlapView[];
  @ApiProperty({ description: 'How many overlap at all.' })
  readonly total: number;
}

export function overlapsView({ overlaps, ...finding }: GateFinding): OverlapsView {
  return { ...finding, items: overlaps };
}
