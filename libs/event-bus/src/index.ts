export type { BatchControl, Bus, BusMessage, BusSubscription, DeliveredMessage } from './bus';
export { BusUnavailable } from './bus';
export type { CloudEvent } from './cloud-event';
