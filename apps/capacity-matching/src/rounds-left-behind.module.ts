import { Module } from '@nestjs/common';
import { MatchingRoundModule } from './matching-round/matching-round.module';
import { RoundsLeftBehind } from './rounds-left-behind.reactor';

@Module({ imports: [MatchingRoundModule], providers: [RoundsLeftBehind] })
export class RoundsLeftBehindModule {}
