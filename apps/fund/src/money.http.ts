import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import type { Currency } from './money';

/** In cents: ten thousand million euros. A thousand times as much is an exact number still. */
const MOST_CENTS = 1_000_000_000_000;

/** An amount of more than nothing, in whole cents. */
export class MoneyDto {
  @IsInt()
  @Min(1)
  @Max(MOST_CENTS)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_CENTS, example: 150_000 })
  readonly cents: number;

  @IsIn(['EUR'])
  @ApiProperty({ enum: ['EUR'] })
  readonly currency: Currency;
}

/** An amount that may be nothing, in whole cents. */
export class MoneyOrNothingDto {
  @IsInt()
  @Min(0)
  @Max(MOST_CENTS)
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MOST_CENTS, example: 0 })
  readonly cents: number;

  @IsIn(['EUR'])
  @ApiProperty({ enum: ['EUR'] })
  readonly currency: Currency;
}
