import { Module } from '@nestjs/common';
import { RegionController } from './region.http';
import { RegionImportController } from './region-import.http';
import { ShippedRegions } from './shipped-regions.reactor';

@Module({ controllers: [RegionController, RegionImportController], providers: [ShippedRegions] })
export class RegionModule {}
