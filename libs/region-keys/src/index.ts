export { regionKeyFault } from './region-key';
export { regionLadder, regionsAround } from './region-ladder';
