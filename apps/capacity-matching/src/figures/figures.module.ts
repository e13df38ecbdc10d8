import { Module } from '@nestjs/common';
import { FiguresController } from './figures.http';

@Module({ controllers: [FiguresController] })
export class FiguresModule {}
