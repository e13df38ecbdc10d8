import { Module } from '@nestjs/common';
import { ExportsController } from './exports.http';

@Module({ controllers: [ExportsController] })
export class ExportsModule {}
