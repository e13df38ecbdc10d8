import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FreshnessView, freshnessViewOf } from '../record-freshness.http';
import type { GateFinding } from './structure.events';
import {
  type ProposedRevision,
  type RegisteredStructure,
  type RegisterStage,
  registerStages,
} from './structure-register.read-model';

class CapacityView {
  @ApiProperty()
  readonly quantity: number;
  @ApiProperty()
  readonly unit: string;
  @ApiProperty({ format: 'date-time', description: 'When it was last said to be so.' })
  readonly assuredAt: string;
}

class OwnerView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty()
  readonly name: string;
}

/** A structure as the register answers it. */
export class StructureView extends FreshnessView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ format: 'uuid', description: 'For which it was recorded.' })
  readonly organisationId: string;
  @ApiPropertyOptional({
    type: OwnerView,
    description:
      'Whose it is now: that organisation or, after merges, the surviving one. Absent while the directory is behind.',
  })
  readonly owner?: OwnerView;
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
  @ApiProperty({ format: 'date' })
  readonly operatingSince: string;
  @ApiPropertyOptional({ type: CapacityView, description: 'Absent while nobody has said it; that is not zero.' })
  readonly capacity?: CapacityView;
  @ApiProperty({ enum: registerStages })
  readonly stage: RegisterStage;
  @ApiProperty({ format: 'date-time' })
  readonly stageSince: string;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt: string;
  @ApiProperty({ type: Object, description: 'What overlapped, by which settings, when its facts were said.' })
  readonly gate: GateFinding;
  @ApiPropertyOptional({ description: 'Why it was held to be no double structure.' })
  readonly reason?: string;
  @ApiPropertyOptional({ type: Object, description: 'Waits for the consent of a second person.' })
  readonly proposedRevision?: ProposedRevision;
  @ApiProperty({ description: 'As in `ETag`: what `If-Match` compares with.', example: '3' })
  readonly revision: string;
}

export function viewOf(entry: RegisteredStructure, owner: OwnerView | undefined): StructureView {
  const { id, organisationId, name, fieldKeys, regionKeys, targetGroups, service, operatingSince } = entry;
  const { stage, gate, revision, capacityQuantity: quantity, capacityUnit: unit, capacityAssuredAt } = entry;
  const isKnown = quantity !== null && unit !== null && capacityAssuredAt !== null;
  return {
    ...{
      id,
      organisationId,
      owner: owner && { id: owner.id, name: owner.name },
      name,
      fieldKeys,
      regionKeys,
      targetGroups,
      service,
      operatingSince,
    },
    capacity: isKnown ? { quantity, unit, assuredAt: capacityAssuredAt.toISOString() } : undefined,
    stage,
    stageSince: entry.stageSince.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
    ...freshnessViewOf(entry),
    gate,
    reason: entry.reason ?? undefined,
    proposedRevision: entry.proposedRevision ?? undefined,
    revision,
  };
}
