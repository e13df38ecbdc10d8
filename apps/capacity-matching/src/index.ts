export { capacityMatching } from './capacity-matching.module';
export { severityWeights } from './matching-round/severity-weights';
export { TransportNetwork } from './matching-round/transport-network';
