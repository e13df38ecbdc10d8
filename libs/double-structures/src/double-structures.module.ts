import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DoubleStructureGate, GateSettings } from './double-structure-gate';
import { KnownStructureFeed, knownTables } from './known-structure.read-model';
import { OverlapsController } from './overlaps.http';

/** The gate over what a service knows from the registry's contracts. */
@Module({
  controllers: [OverlapsController, KnownStructureFeed],
  providers: [
    {
      provide: DoubleStructureGate,
      inject: [DataSource, GateSettings],
      useFactory: (database: DataSource, settings: GateSettings) =>
        new DoubleStructureGate(database, settings, knownTables),
    },
  ],
  exports: [DoubleStructureGate],
})
export class DoubleStructuresModule {}
