export type { Alliance, Deployed, ServiceName } from './world/alliance';
export { startAlliance, startEventStoreProcess } from './world/alliance';
export { eventually } from './world/eventually';
export { freePort } from './world/free-port';
export { NodeProcess } from './world/node-process';
