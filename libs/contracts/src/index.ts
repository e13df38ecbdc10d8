export type { Contract, ContractData, Publication } from './contract';
export { publication } from './contract';
