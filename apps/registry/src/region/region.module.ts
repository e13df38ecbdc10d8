import { Module } from '@nestjs/common';
import { RegionController } from './region.http';
import { ShippedRegions } from './shipped-regions.reactor';

@Module({ controllers: [RegionController], providers: [ShippedRegions] })
export class RegionModule {}
