import { Module } from '@nestjs/common';
import { ShortageController } from './shortage.http';
import { ShortageFeed } from './shortage.reactor';

@Module({ controllers: [ShortageController, ShortageFeed] })
export class ShortageModule {}
