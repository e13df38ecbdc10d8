import { DoubleStructuresModule } from '@alliance/double-structures';
import { Module } from '@nestjs/common';
import { ApplicationController } from './application.http';
import { DecisionController } from './decision.http';
import { GrantEligibility } from './grant-eligibility.http';
import { GrantRegisterController } from './grant-register.http';

@Module({
  imports: [DoubleStructuresModule],
  controllers: [ApplicationController, GrantRegisterController, DecisionController],
  providers: [GrantEligibility],
})
export class GrantModule {}
