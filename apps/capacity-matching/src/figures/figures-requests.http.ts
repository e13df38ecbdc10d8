import { Day, PageQuery, QueryInteger, RegionKey, Slug } from '@alliance/service-host';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { OfferedInRegion, OfferReach, Week } from '../matching-requests.http';
import { MOST_SEVERE } from '../need/need.events';
import type { OfferScope } from '../offer/offer-scope.read-model';
import { type RegionLevel, regionLevels } from './needs-served.read-model';

export class KpiQuery {
  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Offers of this field of action only.' })
  readonly field?: string;

  @OfferedInRegion()
  readonly region?: string;

  @OfferReach()
  readonly reach?: OfferScope['reach'];

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'Twelve weeks before the last when absent.' })
  readonly fromWeek?: string;

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'The present week when absent.' })
  readonly toWeek?: string;
}

export class FunnelQuery {
  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'For needs of this field of action.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({
    description: 'For needs in this region (AGS): each is in one place, so that sums over regions count nothing twice.',
  })
  readonly region?: string;

  @IsOptional()
  @IsIn(['round', 'coordinator'])
  readonly proposedBy?: 'round' | 'coordinator';

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Proposed on this day (UTC) or after; 90 days ago when absent.' })
  readonly from?: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Proposed on this day (UTC) or before; today when absent.' })
  readonly until?: string;
}

const levels = Object.keys(regionLevels) as RegionLevel[];

export class NeedsServedQuery extends PageQuery {
  @IsOptional()
  @IsIn(levels)
  @ApiPropertyOptional({ enum: levels, default: 'land', description: 'How fine regions are told apart.' })
  readonly level: RegionLevel = 'land';

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'A field of action.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS: needs in it and in all that lies within.' })
  readonly region?: string;

  @IsOptional()
  @QueryInteger({ min: 1, max: MOST_SEVERE })
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SEVERE })
  readonly severity?: number;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    description: 'servedShare, wantedMinutes, openNeeds, fieldKey, regionKey; `-` in front for descending',
    default: 'servedShare,-wantedMinutes',
  })
  readonly sort: string = 'servedShare,-wantedMinutes';
}
