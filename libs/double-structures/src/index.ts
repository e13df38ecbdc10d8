export { knownStructureMigrations } from './migrations';
export type { GateFinding, GateTables } from './double-structure-gate';
export { DoubleStructureGate, GateSettings, kept } from './double-structure-gate';
export { DoubleStructuresModule } from './double-structures.module';
export { knownStructureContracts, knownStructureEntities } from './known-structure.read-model';
export { OverlapsView, overlapsView } from './overlap-views.http';
export { OverlapsQuery, regionFaults, ScopeDto } from './overlaps.http';
