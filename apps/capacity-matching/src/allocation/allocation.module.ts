import { Module } from '@nestjs/common';
import { AllocationController } from './allocation.http';
import { AllocationQueryController } from './allocation-query.http';

@Module({ controllers: [AllocationController, AllocationQueryController] })
export class AllocationModule {}
