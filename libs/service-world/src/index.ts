export { plantedEvents } from './planted-events';
export { Killed, ReactorWorld } from './reactor-world';
export type { Answer, Caller } from './service-world';
export { auditor, ServiceWorld } from './service-world';
export { spoilBodies, spoilQueries } from './spoiled-requests';
