import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DirectoryEntry } from '../organisation/organisation-directory.read-model';
import type { Survivor } from '../organisation/survivors.read-model';
import {
  type CandidateStatus,
  candidateStatuses,
  type DuplicateCandidateRow,
} from './duplicate-candidate-list.read-model';
import { type Likeness, type Reason, reasonKinds } from './likeness';

class ReasonView implements Reason {
  @ApiProperty({ enum: reasonKinds })
  readonly kind: Reason['kind'];
  @ApiProperty({
    description: 'In bits: +1 doubles the odds of their being one, -1 halves them. The score is 1 / (1 + 2^-sum).',
    example: 9.7,
  })
  readonly weight: number;
  @ApiProperty({ example: 'Both are registered as München VR 15087.' })
  readonly text: string;
}

class SurvivorView implements Pick<Survivor, 'id' | 'name'> {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty()
  readonly name: string;
}

class ComparedOrganisation {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiPropertyOptional({ description: 'Absent for a moment after the application, until the directory shows it.' })
  readonly name?: string;
  @ApiPropertyOptional()
  readonly stage?: string;
  @ApiPropertyOptional({ type: SurvivorView, description: 'Of one that is merged: where its merges end.' })
  readonly countsAs?: SurvivorView;
}

export class CandidateView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ type: [ComparedOrganisation] })
  readonly organisations: readonly ComparedOrganisation[];
  @ApiProperty({ enum: candidateStatuses, description: '`confirmed`: they count as one since a merge.' })
  readonly status: CandidateStatus;
  @ApiProperty({ description: '0 to 1, as it was when they were found.', example: 0.987 })
  readonly score: number;
  @ApiProperty({ type: [ReasonView] })
  readonly reasons: readonly Reason[];
  @ApiProperty({ format: 'date-time' })
  readonly suspectedAt: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly decidedAt?: string;
  @ApiPropertyOptional({ description: 'Who dismissed it; a pseudonymous subject.' })
  readonly decidedBy?: string;
  @ApiPropertyOptional()
  readonly reasonCode?: string;
  @ApiPropertyOptional()
  readonly note?: string;
  @ApiProperty({ description: 'As in `ETag`: what `If-Match` compares with.', example: '0' })
  readonly revision: string;
}

export class LikelyDuplicate {
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty()
  readonly name: string;
  @ApiProperty()
  readonly stage: string;
  @ApiProperty({ example: 0.987 })
  readonly score: number;
  @ApiProperty({ type: [ReasonView] })
  readonly reasons: readonly Reason[];
}

export class DuplicateCheckView {
  @ApiProperty({ type: [LikelyDuplicate], description: 'The likeliest first; empty when none is likely.' })
  readonly likelyDuplicates: readonly LikelyDuplicate[];
}

export function candidateView(
  row: DuplicateCandidateRow,
  known: {
    readonly directory: ReadonlyMap<string, DirectoryEntry>;
    readonly survivors: ReadonlyMap<string, Survivor>;
  },
): CandidateView {
  const { directory, survivors } = known;
  const { id, organisationIds, status, score, reasons, revision } = row;
  const organisations = organisationIds.map((one) => {
    const survivor = survivors.get(one);
    const countsAs =
      survivor === undefined || survivor.id === one ? undefined : { id: survivor.id, name: survivor.name };
    return { id: one, name: directory.get(one)?.name, stage: directory.get(one)?.stage, countsAs };
  });
  const [one, other] = organisationIds.map((each) => survivors.get(each)?.id);
  const countAsOne = one !== undefined && one === other;
  return {
    id,
    organisations,
    status: status === 'suspected' && countAsOne ? 'confirmed' : status,
    score,
    reasons,
    suspectedAt: row.suspectedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString(),
    decidedBy: row.decidedBy ?? undefined,
    reasonCode: row.reasonCode ?? undefined,
    note: row.note ?? undefined,
    revision,
  };
}

export function likelyDuplicate({ score, reasons }: Likeness, { id, name, stage }: DirectoryEntry): LikelyDuplicate {
  return { organisationId: id, name, stage, score, reasons };
}
