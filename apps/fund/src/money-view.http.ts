import { ApiProperty } from '@nestjs/swagger';
import type { Currency } from './money';

/** An amount in whole cents, as it is shown. */
export class MoneyView {
  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly cents: number;
  @ApiProperty({ enum: ['EUR'] })
  readonly currency: Currency;
}
