export type { Answer, Problem } from './api-client';
export { ApiClient } from './api-client';
export type { Standalone, StandaloneOptions } from './standalone';
export { startStandalone } from './standalone';
