import { randomUUID } from 'node:crypto';
import { auditor } from '@alliance/service-world';
import { approver, coordinator, FundWorld, officer, representative } from '../fund.given';
import { euros, theCall } from '../grant/grant.given';
import { callEvents } from './call.events';

let world: FundWorld;
let potId: string;
beforeAll(async () => {
  world = await FundWorld.start();
  potId = (await world.post('/pots', { name: 'Soforthilfe', currency: 'EUR' }, officer)).body.potId;
});
afterAll(() => world.stop());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const { terms: _, ...facts } = theCall;
const panel = [{ subject: 'reviewer-1' }];
const body = (more: object = {}) => ({ ...facts, potId, panel, opensAt: inDays(-1), closesAt: inDays(30), ...more });

async function published(more: object = {}): Promise<{ callId: string; path: string }> {
  const { status, body: answer } = await world.post('/calls', body(more), officer);
  expect(status).toBe(201);
  return { callId: answer.callId, path: `/calls/${answer.callId}` };
}

describe('calls over HTTP', () => {
  it('have the terms of the settings, besides those that are named', async () => {
    const { path } = await published({ terms: { proofDueMonths: 3 } });
    const { body: shown } = await world.get(path, representative);
    expect(shown).toMatchObject({
      title: theCall.title,
      open: true,
      terms: { proofDueMonths: 3, lineTolerancePercent: 20, needWindowDays: 42 },
    });
  });

  it('show their panel to the fund alone', async () => {
    const { path } = await published();
    for (const inside of [officer, coordinator, auditor]) {
      expect((await world.get(path, inside)).body.panel).toEqual(panel);
    }
    for (const outside of [approver, representative]) {
      const { status, body: shown } = await world.get(path, outside);
      expect([status, shown.panel]).toEqual([200, undefined]);
    }
    expect((await world.get(path, undefined)).status).toBe(401);
  });

  it('are published, changed and closed by the fund alone', async () => {
    const { path, callId } = await published();
    for (const other of [representative, approver, auditor]) {
      expect((await world.post('/calls', body(), other)).status).toBe(403);
      expect((await world.put(`${path}/panel`, { panel: [] }, other)).status).toBe(403);
      expect((await world.post(`${path}/closure`, { reasonCode: 'pot-exhausted' }, other)).status).toBe(403);
    }
    expect((await world.put(`${path}/panel`, { panel: [] }, officer)).status).toBe(204);
    expect((await world.post(`${path}/closure`, { reasonCode: 'pot-exhausted' }, officer)).status).toBe(204);
    expect((await world.get(path, officer)).body).toMatchObject({ open: false, panel: [] });
    expect((await world.events(callEvents, callId)).map(({ type }) => type)).toEqual([
      'CallPublished',
      'PanelRevised',
      'CallClosed',
    ]);
  });

  it('are listed in pages, by what they are for and whether they are open', async () => {
    const region = '05315000';
    const open = await published({ title: 'A open', regionKeys: ['05000000'] });
    const over = await published({ title: 'B closed', regionKeys: [region] });
    const closed = await world.post(`${over.path}/closure`, { reasonCode: 'pot-exhausted' }, officer);
    const later = await world.post(
      '/calls',
      body({ title: 'C later', opensAt: inDays(10), regionKeys: [region], fieldKeys: ['accommodation'] }),
      officer,
    );
    const list = async (query: string) => {
      await world.getAfter(closed, '/calls', officer);
      const { status, body: page } = await world.getAfter(later, `/calls?region=${region}${query}`, representative);
      expect(status).toBe(200);
      return page;
    };
    const ids = async (query: string) => (await list(query)).items.map(({ id }: { id: string }) => id);
    expect(await ids('&sort=title')).toEqual([open.callId, over.callId, later.body.callId]);
    expect(await ids('&open=true')).toEqual([open.callId]);
    expect(await ids('&open=false&sort=-title')).toEqual([later.body.callId, over.callId]);
    expect(await ids('&field=accommodation')).toEqual([later.body.callId]);
    expect(await ids(`&potId=${randomUUID()}`)).toEqual([]);
    const first = await list('&sort=title&limit=2');
    expect(first.items).toHaveLength(2);
    expect(await ids(`&sort=title&limit=2&cursor=${first.nextCursor}`)).toEqual([later.body.callId]);
    expect((await world.get('/calls?region=14713000', officer)).body.items).toEqual([]);
  });

  it('name what is wrong with them', async () => {
    const faults = async (more: object) => {
      const { status, body: problem } = await world.post('/calls', body(more), officer);
      expect(status).toBe(400);
      return problem.errors.map(({ field }: { field: string }) => field);
    };
    expect(await faults({ maximum: { cents: 10.5, currency: 'EUR' } })).toEqual(['maximum.cents']);
    expect(await faults({ minimum: { cents: -1, currency: 'EUR' } })).toEqual(['minimum.cents']);
    expect(await faults({ maximum: { cents: 100, currency: 'USD' } })).toEqual(['maximum.currency']);
    expect(await faults({ opensAt: '2026-02-30T00:00:00Z' })).toEqual(['opensAt']);
    expect(await faults({ closesAt: '2026-03-01' })).toEqual(['closesAt']);
    expect(await faults({ regionKeys: ['9162000'] })).toEqual(['regionKeys']);
    expect(await faults({ panel: [{ subject: 'reviewer-1', name: 'Somebody' }] })).toEqual(['panel[0].name']);

    const refused = async (more: object) => {
      const { status, body: problem } = await world.post('/calls', body(more), officer);
      return [status, problem.code];
    };
    expect(await refused({ closesAt: inDays(-2) })).toEqual([422, 'DATES_OUT_OF_ORDER']);
    expect(await refused({ minimum: euros(2), maximum: euros(1) })).toEqual([422, 'CALL_AMOUNTS_OUT_OF_ORDER']);
    expect(await refused({ potId: randomUUID() })).toEqual([422, 'POT_UNKNOWN']);
    expect((await world.get(`/calls/${randomUUID()}`, officer)).body.code).toBe('CALL_UNKNOWN');
  });
});
