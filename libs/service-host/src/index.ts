export type { Publisher, ServiceDefinition } from './service-definition';
