import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Assurer } from './assurance/assurance.events';
import { assurerRoles, type FactKind, factKinds } from './assurance/freshness';
import { type AssuredRecord, oldestAssurance } from './assurance/record-freshness.read-model';

export class AssurerView implements Assurer {
  @ApiProperty({ enum: assurerRoles })
  readonly role: Assurer['role'];
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a representative.' })
  readonly organisationId?: string;
}

/** How fresh the facts of a record are. `GET /registry/assurances` tells it of each by itself. */
export class FreshnessView {
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'When that of its facts was last assured for which this is longest ago; standing ones count only when all stand. Absent while no facts are kept: of applicants, of who has left or was merged, of what has ended.',
  })
  readonly assuredAt?: string;
  @ApiPropertyOptional({ type: AssurerView, description: 'Who assured that fact.' })
  readonly assuredBy?: AssurerView;
  @ApiProperty({ enum: factKinds, isArray: true, description: 'Facts that do not age, by the word of a coordinator.' })
  readonly standingFacts: readonly FactKind[];
  @ApiProperty({ description: 'At least one of its facts was not confirmed in spite of a reminder.' })
  readonly stale: boolean;
  @ApiPropertyOptional({ format: 'date-time', description: 'Since when the first of these facts is marked stale.' })
  readonly staleSince?: string;
}

export function freshnessViewOf({ assuredFacts, staleSince }: AssuredRecord): FreshnessView {
  const oldest = oldestAssurance(assuredFacts);
  return {
    assuredAt: oldest?.assuredAt,
    assuredBy: oldest?.assuredBy,
    standingFacts: factKinds.filter((kind) => assuredFacts[kind]?.standing),
    stale: staleSince !== null,
    staleSince: staleSince?.toISOString(),
  };
}
