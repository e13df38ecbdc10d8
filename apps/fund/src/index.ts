export { callEvents } from './call/call.events';
export { fund } from './fund.module';
export { grantEvents } from './grant/grant.events';
export { potEvents } from './pot/pot.events';
