import { Module } from '@nestjs/common';
import { DecisionPaperController } from './decision-paper.http';
import { ExportsController } from './exports.http';

@Module({ controllers: [ExportsController, DecisionPaperController] })
export class ExportsModule {}
