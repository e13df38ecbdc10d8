export { CreateKnownStructure1764000100001 } from './create-known-structure';
export type { GateFinding, GateTables } from './double-structure-gate';
export { DoubleStructureGate, GateSettings } from './double-structure-gate';
export { DoubleStructuresModule } from './double-structures.module';
export { KnownRegion, KnownStructure, knownStructureContracts } from './known-structure.read-model';
export { OverlapsView, overlapsView } from './overlap-views.http';
export { OverlapsQuery, regionFaults } from './overlaps.http';
export { regionsAround } from './region-ladder';
