import { Module } from '@nestjs/common';
import { FieldOfActionController } from './field-of-action.http';

@Module({ controllers: [FieldOfActionController] })
export class FieldOfActionModule {}
