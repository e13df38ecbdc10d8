import { Module } from '@nestjs/common';
import { ConflictController } from './conflict.http';

@Module({ controllers: [ConflictController] })
export class ConflictModule {}
