export { capacityMatching } from './capacity-matching.module';
export { severityWeights } from './matching-round/severity-weights';
export { TransportNetwork } from './matching-round/transport-network';
export type { ReadLog, RoundReplay } from './round-replay';
export { replayRound, roundReplayCatalogues } from './round-replay';
