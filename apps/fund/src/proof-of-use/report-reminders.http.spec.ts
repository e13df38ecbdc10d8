import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addMonths, daysBetween } from '@alliance/calendar';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { auditor } from '@alliance/service-world';
import { approver, coordinator, officer } from '../fund.given';
import { FundSettings } from '../fund.config';
import { grantEvents } from '../grant/grant.events';
import { context } from '../grant/grant.given';
import { ProofWorld, speaker } from './proof-world.given';
import { reportReminders } from './report-reminders.reactor';
import { reportsAfter } from './reports-due.policy';
import { reportsDueReactor } from './reports-due.reactor';

let world: ProofWorld;
beforeEach(async () => {
  world = await ProofWorld.start({ REMIND_DAYS_BEFORE: '10', REMIND_DAYS_AFTER: '1,5' });
});
afterEach(() => world.stop());

async function occasions(grantId: string): Promise<readonly string[]> {
  const events = await world.fund.events(grantEvents, grantId);
  return events.flatMap(({ type, data }) =>
    type === 'ReportReminded' ? [(data as { occasion: string }).occasion] : [],
  );
}
async function reminded(grantId: string, times: number): Promise<readonly string[]> {
  for (;;) {
    const found = await occasions(grantId);
    if (found.length >= times) return found;
    world.clock.moveAhead(60_000);
    await sleep(20);
  }
}

describe('proof of use: due dates with reminders', () => {
  it('reminds once for each occasion, and no more when the report has come', async () => {
    const { grantId, reportIds } = await world.paidGrant();
    const { grantId: other } = await world.paidGrant();
    const dueOn = addMonths(world.projectTo, 6);
    const [before, dayAfter, later] = [-10, 1, 5].map((days) => addDays(dueOn, days));
    world.waitDays(daysBetween(world.today(), dueOn) - 11);
    world.clock.moveAhead(60_000);
    world.waitDays(1);
    expect(await reminded(grantId, 1)).toEqual([before]);
    world.waitDays(11);
    expect(await reminded(grantId, 2)).toEqual([before, dayAfter]);

    expect(
      (
        await world.fund.post(
          `/grants/${other}/reports/${await onlyReport(other)}/submission`,
          world.submission(),
          speaker,
        )
      ).status,
    ).toBe(204);
    world.waitDays(100);
    expect(await reminded(grantId, 3)).toEqual([before, dayAfter, later]);
    expect(await reminded(other, 2)).toEqual([before, dayAfter]);
    const { body } = await world.fund.get(`/grants/${grantId}/reports`, auditor);
    expect(body.items).toMatchObject([{ reportId: reportIds[0], remindedOf: later, overdue: true }]);
  });

  it('reminds of the last occasion only where several were missed', async () => {
    const { grantId } = await world.paidGrant({ interimReportEveryMonths: 7 });
    const dueOn = addMonths(world.projectFrom, 7);
    expect(await reminded(grantId, 1)).toEqual([addDays(dueOn, 5)]);
  });

  it('reminds once also where several look after it at the same time, and each has missed the others', async () => {
    const { grantId, reportIds } = await world.paidGrant();
    const dueOn = addMonths(world.projectTo, 6);
    const at = `${addDays(dueOn, 1)}T00:00:00.000Z`;
    const database = await connectDatabase({ url: world.fund.database.url, entities: [] });
    const settings = Object.assign(new FundSettings(), { remindDaysBefore: [10], remindDaysAfter: [1] });
    const commands = new CommandHandler(world.fund.store, new Metrics('fund'));
    const tick = async () => {
      const query = { now: new Date(at), after: undefined, limit: 100 };
      const due = await reportReminders.due(database.manager, query, settings);
      for (const one of due) {
        const cause = { ...context('fund', undefined, at), commandId: randomUUID() };
        await reportReminders.execute(one, cause, commands);
      }
      return due.map(({ data }) => data);
    };
    const ticks = await Promise.all([tick(), tick(), tick()]);
    expect(ticks[0]).toEqual([{ reportId: reportIds[0], occasion: addDays(dueOn, 1) }]);
    expect(await occasions(grantId)).toEqual([addDays(dueOn, 1)]);
    await database.destroy();
  });

  it('lists what is waited for, in pages, by day, and what of it is overdue', async () => {
    const { grantId } = await world.paidGrant({ interimReportEveryMonths: 3 });
    const { grantId: other } = await world.paidGrant();
    const list = async (query: string) => (await world.fund.get(`/reports-due?${query}`, officer)).body;
    const all = await list('');
    expect(all.items.map(({ dueOn }: { dueOn: string }) => dueOn)).toEqual([
      addMonths(world.projectFrom, 3),
      addMonths(world.projectFrom, 6),
      addMonths(world.projectTo, 6),
      addMonths(world.projectTo, 6),
    ]);
    expect(all.items[0]).toMatchObject({ grantId, kind: 'interim', title: expect.any(String), overdue: true });
    expect((await list('overdue=true')).items).toEqual(all.items.slice(0, 2));
    expect((await list('overdue=false&kind=final')).items).toEqual(all.items.slice(2));
    expect((await list(`dueBy=${addMonths(world.projectFrom, 3)}`)).items).toEqual(all.items.slice(0, 1));
    const first = await list('sort=-dueOn&limit=3');
    const rest = await list(`sort=-dueOn&limit=3&cursor=${first.nextCursor}`);
    expect(rest.items).toEqual(all.items.slice(0, 1));

    const submitted = await world.fund.post(
      `/grants/${other}/reports/${await onlyReport(other)}/submission`,
      world.submission(),
      speaker,
    );
    const { body } = await world.fund.getAfter(submitted, '/reports-due?kind=final', auditor);
    expect(body.items).toMatchObject([{ grantId }]);
    const back = { version: 1, reasonCode: 'incomplete', items: [] };
    const path = `/grants/${other}/reports/${await onlyReport(other)}/return`;
    const again = await world.fund.getAfter(await world.fund.post(path, back, officer), '/reports-due', officer);
    const returned = again.body.items.find((one: { grantId: string }) => one.grantId === other);
    expect(Object.keys(returned).sort()).toEqual(
      [
        ...['dueOn', 'grantId', 'kind', 'overdue', 'recipientOrganisationId', 'reportId', 'stage', 'submittedAt'],
        ...['title', 'version'],
      ].sort(),
    );
    for (const query of ['overdue=yes', 'kind=other', 'dueBy=2026-02-30', 'sort=title']) {
      expect((await world.fund.get(`/reports-due?${query}`, coordinator)).status).toBe(400);
    }
    for (const caller of [speaker, approver]) expect((await world.fund.get('/reports-due', caller)).status).toBe(403);
  });
});

describe('proof of use: due dates by the contract', () => {
  it('come once, however often the contract is told of at the same time', async () => {
    const commands = new CommandHandler(world.fund.store, new Metrics('fund'));
    const database = await connectDatabase({ url: world.fund.database.url, entities: [] });
    const own = { progress: { waitForPosition: async () => 'reached' as const }, settings: {} };
    const grantId = await world.plantPaid({ interimReportEveryMonths: 3 });
    const [wanted] = (await world.fund.events(grantEvents, grantId)).flatMap(reportsAfter);
    if (wanted === undefined) throw new Error('The grant has no contract.');
    // Besides the service's own.
    const react = () =>
      reportsDueReactor.execute(wanted, { ...context('fund'), commandId: randomUUID() }, commands, database, own);
    await Promise.all([react(), react(), react()]);
    await database.destroy();
    const events = await world.fund.events(grantEvents, grantId);
    const due = events.flatMap(({ type, data }) => (type === 'ReportDue' ? [(data as { dueOn: string }).dueOn] : []));
    expect(due).toEqual([
      ...[3, 6].map((months) => addMonths(world.projectFrom, months)),
      addMonths(world.projectTo, 6),
    ]);
  });
});

async function onlyReport(grantId: string): Promise<string> {
  const { body } = await world.fund.get(`/grants/${grantId}/reports`, auditor);
  return body.items[0].reportId;
}
