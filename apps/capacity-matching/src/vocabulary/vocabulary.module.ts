import { Module } from '@nestjs/common';
import { KnownPlaceAndFieldFeed } from './known-place-and-field.read-model';

@Module({ controllers: [KnownPlaceAndFieldFeed] })
export class VocabularyModule {}
