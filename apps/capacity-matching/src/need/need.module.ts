import { Module } from '@nestjs/common';
import { NeedController } from './need.http';

@Module({ controllers: [NeedController] })
export class NeedModule {}
