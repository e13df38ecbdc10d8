import { randomUUID } from 'node:crypto';
import { organisationMergedV1 } from '@alliance/contracts';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { connectDatabase } from '@alliance/read-models';
import { KnownOrganisation } from '@alliance/known-organisations';
import { auditor } from '@alliance/service-world';
import type { DataSource } from 'typeorm';
import { callEvents } from './call/call.events';
import { FundWorld } from './fund.given';
import { demandAccess, grantByLog, interestedIn, recipientNow, standpointOf } from './grant-by-log.http';
import { aGrant, context, ids, theCall, who } from './grant/grant.given';
import { grantEvents } from './grant/grant.events';
import { contribution, opened } from './pot/pot.given';
import { potEvents } from './pot/pot.events';

let world: FundWorld;
let database: DataSource;
let log: CommandHandler;
const [parent, sibling, child, formerSibling, stranger] = Array.from({ length: 5 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
];
beforeAll(async () => {
  world = await FundWorld.start();
  database = await connectDatabase({ url: world.database.url, entities: [KnownOrganisation] });
  log = new CommandHandler(world.store, new Metrics('fund'));
  await world.plant(potEvents, ids.pot, [opened, contribution(randomUUID(), 20_000)]);
  const panel = [{ subject: who.reviewers[0], organisationId: sibling }];
  await world.plant(callEvents, ids.call, [
    { type: 'CallPublished', data: { potId: ids.pot, call: theCall, panel, publishedBy: who.officer } },
  ]);
  await world.plant(grantEvents, ids.grant, aGrant({ upTo: 'in-review' }));
  for (const id of [parent, ids.donor, stranger]) await world.admit(id);
  await world.admit(ids.applicant, { parentOrganisationId: parent });
  for (const id of [sibling, formerSibling]) await world.admit(id, { parentOrganisationId: parent });
  await world.admit(child, { parentOrganisationId: ids.applicant });
  const merged = { organisationId: formerSibling, intoOrganisationId: sibling, mergedAt: '2026-03-01T00:00:00.000Z' };
  await world.receive({ contract: organisationMergedV1, data: merged }, formerSibling, 1n);
  while ((await world.get(`/known-organisations/${formerSibling}`, auditor)).body.status !== 'merged');
});
afterAll(async () => {
  await database.destroy();
  await world.stop();
});

describe('who stands how to a grant, by the log', () => {
  it('tells the facts of a grant, and of none that there is none', async () => {
    expect(await grantByLog(log, ids.grant)).toMatchObject({ potId: ids.pot, applicantOrganisationId: ids.applicant });
    await expect(grantByLog(log, randomUUID())).rejects.toMatchObject({ status: 404, code: 'GRANT_UNKNOWN' });
  });

  it('finds every organisation with an interest of its own, and no other', async () => {
    const interested = await interestedIn(log, database.manager, await grantByLog(log, ids.grant));
    expect(interested).toEqual([ids.applicant, ids.donor, parent, sibling, child, formerSibling].sort());
  });

  it('knows how the recipient stands, as the record that survives', async () => {
    expect(await recipientNow(database.manager, formerSibling)).toMatchObject({
      standing: 'admitted',
      survivorId: sibling,
    });
    const nobody = randomUUID();
    expect(await recipientNow(database.manager, nobody)).toMatchObject({ standing: 'unknown', survivorId: nobody });
  });

  it('closes the content to whoever has an interest, or has declared nothing', async () => {
    const access = async (subject: string, organisationId?: string) =>
      (await standpointOf(log, database.manager, context(subject, organisationId).actor, ids.grant)).access;
    expect(await access(who.officer)).toBe('content');
    expect(await access(who.reviewers[1])).toBe('content');
    expect(await access(who.reviewers[0])).toBe('outline');
    expect(await access('approver-9')).toBe('outline');
    expect(await access(who.approvers[0], formerSibling)).toBe('outline');
    expect(await access(who.representative, ids.applicant)).toBe('own');
    await expect(access(who.representative, stranger)).rejects.toMatchObject({ status: 404 });
    const asking = context('approver-9').actor;
    await expect(demandAccess(log, database.manager, asking, ids.grant)).rejects.toMatchObject({
      status: 403,
      code: 'GRANT_CONTENT_CLOSED',
    });
  });
});
