import { Module } from '@nestjs/common';
import { PaymentController } from './payment.http';
import { TrancheController } from './tranche.http';
import { TrancheQueryController } from './tranche-query.http';

@Module({ controllers: [TrancheController, PaymentController, TrancheQueryController] })
export class TrancheModule {}
