import { weeksBetween } from '@alliance/calendar';
import { type FieldFault, invalidRequest } from '@alliance/service-host';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { MOST_MINUTES_A_WEEK, MOST_WEEKS } from '../event-fields';
import { Week } from '../matching-requests.http';

export class WeekRunDto {
  @Week()
  @ApiProperty({ example: '2026-W15', description: 'The first week.' })
  readonly from: string;

  @Week()
  @ApiProperty({ example: '2026-W18', description: 'The last week.' })
  readonly to: string;

  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES_A_WEEK)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_MINUTES_A_WEEK, description: 'Of each of these weeks.' })
  readonly minutes: number;
}

/** Throws 400 unless the runs come in the order of time, do not overlap, and reach over two years at most. */
export function demandOrderedRuns(weeks: readonly WeekRunDto[]): void {
  const faults = weeks.flatMap(({ from, to }, at): readonly FieldFault[] => {
    const [first, before] = [weeks[0], weeks[at - 1]];
    if (to < from) return [{ field: `weeks[${at}].to`, reason: 'invalid', expected: `must not come before ${from}` }];
    if (before !== undefined && from <= before.to) {
      return [{ field: `weeks[${at}].from`, reason: 'invalid', expected: `must come after ${before.to}` }];
    }
    if (first !== undefined && weeksBetween(first.from, to) >= MOST_WEEKS) {
      return [
        {
          field: `weeks[${at}].to`,
          reason: 'invalid',
          expected: `must be within ${MOST_WEEKS} weeks from ${first.from}`,
        },
      ];
    }
    return [];
  });
  if (faults.length > 0) throw invalidRequest(faults);
}
