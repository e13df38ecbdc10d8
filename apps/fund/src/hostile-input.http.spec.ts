import { randomUUID } from 'node:crypto';
import { type Caller, spoilBodies, spoilQueries } from '@alliance/service-world';
import { FundWorld } from './fund.given';
import { aGrant, ids } from './grant/grant.given';
import { grantEvents } from './grant/grant.events';

let world: FundWorld;
const grantId = randomUUID();
beforeAll(async () => {
  world = await FundWorld.start();
  await world.plant(grantEvents, grantId, aGrant({ upTo: 'report-due' }));
});
afterAll(() => world.stop());

const callers: readonly Caller[] = [
  { subject: 'officer-9', role: 'fund-officer' },
  { subject: 'coordinator-9', role: 'coordinator' },
  { subject: 'approver-9', role: 'approver' },
  { subject: 'reviewer-9', role: 'reviewer' },
  { subject: 'representative-9', role: 'representative', organisationId: ids.applicant },
  { subject: 'auditor-9', role: 'auditor' },
];

const placed = (path: string) =>
  path
    .replace('/fund', '')
    .replace('{id}', grantId)
    .replace('{trancheId}', ids.firstTranche)
    .replace('{reportId}', ids.report);

describe('bad input to the fund', () => {
  it('in a body is never a 5xx, whichever field of whichever command is spoiled', async () => {
    const { sent, failed } = await spoilBodies(world, { callers, placed });
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(1_000);
  }, 120_000);

  it('in a query is never a 5xx, whichever parameter is spoiled', async () => {
    const { sent, failed } = await spoilQueries(world, { callers, placed });
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(300);
  }, 120_000);
});
