import { Module } from '@nestjs/common';
import { PendingPaymentFeed } from './pending-payment.read-model';

@Module({ controllers: [PendingPaymentFeed] })
export class PendingPaymentModule {}
