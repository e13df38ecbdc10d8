import { Module } from '@nestjs/common';
import { FieldOfActionController } from './field-of-action.http';
import { FieldSuccessionController } from './field-succession.http';

@Module({ controllers: [FieldSuccessionController, FieldOfActionController] })
export class FieldOfActionModule {}
