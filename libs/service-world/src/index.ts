export type { Answer, Caller } from './service-world';
export { auditor, ServiceWorld } from './service-world';
export { spoilBodies, spoilQueries } from './spoiled-requests';
