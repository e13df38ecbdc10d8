import { DoubleStructuresModule } from '@alliance/double-structures';
import { Module } from '@nestjs/common';
import { GrantEligibility } from './grant-eligibility.http';

@Module({ imports: [DoubleStructuresModule], controllers: [], providers: [GrantEligibility] })
export class GrantModule {}
