export { capacityMatching } from './capacity-matching.module';
export { buildProblem } from './matching-round/build-problem';
export type { NeedInput, OfferInput } from './matching-round/round-inputs';
export { DEFAULT_WEIGHTS } from './matching-round/score';
export { severityWeights } from './matching-round/severity-weights';
export { solveWeeks } from './matching-round/solve-weeks';
export { TransportNetwork } from './matching-round/transport/transport-network';
export { minutesByWeek } from './weekly-minutes';
