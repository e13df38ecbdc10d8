import { Module } from '@nestjs/common';
import { AssuranceController } from './assurance.http';

@Module({ controllers: [AssuranceController] })
export class AssuranceModule {}
