import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { NeedFacts } from './need.events';
import { NeedDto } from './need-requests.http';
import type { NeedRow } from './need-register.read-model';

class ServedView {
  @ApiProperty({ type: 'integer', description: 'In minutes of all weeks together, as all of these.' })
  readonly wantedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Of allocations that both sides have yet to accept.' })
  readonly proposedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Of allocations that both sides have accepted.' })
  readonly startedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Worked, as both sides say.' })
  readonly deliveredMinutes: number;
  @ApiProperty({ description: 'startedMinutes ÷ wantedMinutes' })
  readonly servedShare: number;
}

export class NeedView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty({ enum: ['open', 'closed'] })
  readonly status: 'open' | 'closed';
  @ApiPropertyOptional({ description: 'Why it is closed.' })
  readonly closedFor?: string;
  @ApiProperty({ type: 'integer', description: 'In force: a coordinator’s, or else the organisation’s.' })
  readonly severity: number;
  @ApiProperty({ description: 'A coordinator has said how severe it is.' })
  readonly isPrioritised: boolean;
  @ApiProperty({ type: NeedDto, description: 'The exclusions are left out for other organisations.' })
  readonly facts: Omit<NeedFacts, 'excludedOrganisationIds'> & Partial<NeedFacts>;
  @ApiProperty({ format: 'date-time' })
  readonly openedAt: string;
  @ApiProperty()
  readonly served: ServedView;
}

/** `isInside`: for the own side, coordinators and auditors. */
export function needView(need: NeedRow, { isInside }: { readonly isInside: boolean }): NeedView {
  const { excludedOrganisationIds, ...facts } = need.facts;
  const { id, organisationId, severity, isPrioritised } = need;
  const { wantedMinutes, proposedMinutes, startedMinutes, deliveredMinutes, servedShare } = need;
  return {
    ...{ id, organisationId, severity, isPrioritised },
    status: need.isOpen ? 'open' : 'closed',
    ...(need.closedFor !== null && { closedFor: need.closedFor }),
    facts: { ...facts, ...(isInside && { excludedOrganisationIds }) },
    openedAt: need.openedAt.toISOString(),
    served: { wantedMinutes, proposedMinutes, startedMinutes, deliveredMinutes, servedShare },
  };
}
