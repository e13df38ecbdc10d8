import { Module } from '@nestjs/common';
import { RecipientStandingFeed } from './recipient-standing.reactor';

@Module({ controllers: [RecipientStandingFeed] })
export class RecipientStandingModule {}
