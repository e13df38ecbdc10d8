export { EventStore } from './event-store';
export type { NewEvent } from './event-store';
export type { Accepted } from './handle-command';
export { handleCommand } from './handle-command';
