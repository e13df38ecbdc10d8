import { Module } from '@nestjs/common';
import { HistoryController } from './history.http';

@Module({ controllers: [HistoryController] })
export class HistoryModule {}
