import { Module } from '@nestjs/common';
import { PotController } from './pot.http';

@Module({ controllers: [PotController] })
export class PotModule {}
