import { Module } from '@nestjs/common';
import { CallController } from './call.http';

@Module({ controllers: [CallController] })
export class CallModule {}
