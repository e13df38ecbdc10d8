import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Money } from '../money';
import { MoneyView } from '../money-view.http';
import type { Earmark } from './pot.events';
import { entryKinds, type EntryKind, type PotEntry, type PotRow } from './pot-register.read-model';

export class PotView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty()
  readonly name: string;
  @ApiProperty({ description: 'Sum of the contributions.' })
  readonly contributed: MoneyView;
  @ApiProperty({ description: 'Held for awards that are under way.' })
  readonly reserved: MoneyView;
  @ApiProperty({ description: 'Awarded, less what was given back.' })
  readonly committed: MoneyView;
  @ApiProperty({ description: 'contributed − reserved − committed' })
  readonly free: MoneyView;
}

class EarmarkView {
  @ApiPropertyOptional({ type: [String] })
  readonly fieldKeys?: readonly string[];
  @ApiPropertyOptional({ type: [String], description: 'AGS.' })
  readonly regionKeys?: readonly string[];
}

class ContributionView {
  @ApiProperty({ format: 'uuid' })
  readonly contributionId: string;
  @ApiProperty({ format: 'uuid' })
  readonly donorOrganisationId: string;
  @ApiProperty()
  readonly amount: MoneyView;
  @ApiProperty({ description: 'What nothing is promised of.' })
  readonly free: MoneyView;
  @ApiProperty({ format: 'date' })
  readonly receivedOn: string;
  @ApiPropertyOptional({ type: EarmarkView })
  readonly earmark?: Earmark;
}

/** A pot by the log, at this moment. */
export class PotWithContributionsView extends PotView {
  @ApiProperty({ type: [ContributionView], description: 'A thousand at most.' })
  readonly contributions: readonly ContributionView[];
}

export class EntryView {
  @ApiProperty({ description: 'Of the stream of the pot.' })
  readonly revision: string;
  @ApiProperty({ enum: entryKinds })
  readonly kind: EntryKind;
  @ApiProperty()
  readonly amount: MoneyView;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly grantId?: string;
  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  readonly attempt?: number;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly contributionId?: string;
  @ApiProperty({ format: 'date-time' })
  readonly at: string;
}

export function potView({ id, name, currency, ...row }: PotRow): PotView {
  const inCents = (cents: number): Money => ({ cents, currency });
  const [contributed, reserved, committed] = [Number(row.contributed), Number(row.reserved), Number(row.committed)];
  return {
    id,
    name,
    contributed: inCents(contributed),
    reserved: inCents(reserved),
    committed: inCents(committed),
    free: inCents(contributed - reserved - committed),
  };
}

export function entryView(entry: PotEntry): EntryView {
  return {
    revision: entry.revision,
    kind: entry.kind,
    amount: { cents: Number(entry.cents), currency: entry.currency },
    grantId: entry.grantId ?? undefined,
    attempt: entry.attempt ?? undefined,
    contributionId: entry.contributionId ?? undefined,
    at: entry.at.toISOString(),
  };
}
