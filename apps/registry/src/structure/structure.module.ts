import { DoubleStructureGate } from '@alliance/double-structures';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RegistrySettings } from '../registry.config';
import { RegisterOverlapsController } from './overlaps.http';
import { RegisterKeys } from './register-keys.http';
import { StructureController } from './structure.http';
import { gateTables } from './structure-register.read-model';

@Module({
  controllers: [StructureController, RegisterOverlapsController],
  providers: [
    RegisterKeys,
    {
      provide: DoubleStructureGate,
      inject: [DataSource, RegistrySettings],
      useFactory: (database: DataSource, settings: RegistrySettings) =>
        new DoubleStructureGate(database, settings, gateTables),
    },
  ],
})
export class StructureModule {}
