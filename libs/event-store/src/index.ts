export type { Appended } from './append-answer';
export { deriveId } from './derive-id';
export type { EventFault, StreamRevision } from './errors';
export {
  CommandIdReused,
  EventRejected,
  EventUnreadable,
  RevisionConflict,
  RevisionMismatch,
  StoreUnavailable,
  StreamDeleted,
  TooMuchContention,
} from './errors';
export type { NewEvent } from './event-codec';
export { EventStore } from './event-store';
export type { Accepted } from './handle-command';
export { CommandSequence, handleCommand } from './handle-command';
export type { LogWatch } from './log-follower';
