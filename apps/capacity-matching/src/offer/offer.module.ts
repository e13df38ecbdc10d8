import { Module } from '@nestjs/common';
import { OfferController } from './offer.http';

@Module({ controllers: [OfferController] })
export class OfferModule {}
