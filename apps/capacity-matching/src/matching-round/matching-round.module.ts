import { Module } from '@nestjs/common';
import { MatchingRoundController } from './matching-round.http';
import { RoundRunner } from './round-runner.http';

@Module({ controllers: [MatchingRoundController], providers: [RoundRunner], exports: [RoundRunner] })
export class MatchingRoundModule {}
