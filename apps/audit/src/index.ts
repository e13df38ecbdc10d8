export { audit } from './audit';
export { replay } from './replay';
