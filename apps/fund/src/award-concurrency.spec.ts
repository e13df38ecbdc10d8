import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KnownOrganisation } from '@alliance/known-organisations';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { settleAwardNow } from './award.reactor';
import { FundWorld } from './fund.given';
import { grantDecision } from './grant/decision.decider';
import { aGrant, context, euros, ids, who } from './grant/grant.given';
import { grantEvents } from './grant/grant.events';
import { figuresOf, pot } from './pot/pot.decider';
import { potEvents } from './pot/pot.events';
import { contribution, opened } from './pot/pot.given';

let world: FundWorld;
let database: DataSource;
let commands: CommandHandler;
beforeAll(async () => {
  world = await FundWorld.start();
  database = await connectDatabase({ url: world.database.url, entities: [KnownOrganisation] });
  commands = new CommandHandler(world.store, new Metrics('fund'));
  await world.admit(ids.applicant);
});
afterAll(async () => {
  await database.destroy();
  await world.stop();
});

describe('the pot is never overcommitted', () => {
  it('of 64 grants awarded at the same time, beside the reactor, on a pot that suffices for ten, ten are', async () => {
    const potId = randomUUID();
    // No contribution suffices for a grant by itself, or for a whole number of them.
    const contributions = Array.from({ length: 17 }, () => contribution(randomUUID(), 5_883));
    await world.plant(potEvents, potId, [opened, ...contributions]);
    const grantIds = Array.from({ length: 64 }, () => randomUUID());
    const history = aGrant({ upTo: 'awarding' }).map((event) =>
      event.type === 'GrantDrafted' ? { ...event, data: { ...event.data, potId } } : event,
    );
    await Promise.all(
      grantIds.map(async (grantId) => {
        await world.plant(grantEvents, grantId, history);
        const cause = { ...context(who.approvers[1]), commandId: randomUUID() };
        await settleAwardNow(commands, database.manager, grantId, cause);
      }),
    );

    const stages = async () =>
      Promise.all(grantIds.map(async (id) => (await commands.load(grantDecision, id)).state.stage));
    const sums = async () => {
      const { state } = await commands.load(pot, potId);
      if (state.stage === 'none') throw new Error('There is no such pot.');
      return figuresOf(state);
    };
    const answers = async () => {
      const told = (await world.events(potEvents, potId)).map(({ type }) => type);
      const count = (type: string) => told.filter((one) => one === type).length;
      return [count('AmountReserved'), count('AwardConfirmed'), count('ReservationDeclined')];
    };
    // The pot answers each attempt once; grants are read only then, so that waiting does not take from the work.
    while ((await answers()).reduce((all, one) => all + one) < 74) await sleep(250);
    while ((await stages()).includes('awarding')) await sleep(250);
    const ended = await stages();
    expect(ended.filter((stage) => stage === 'awarded')).toHaveLength(10);
    expect(ended.filter((stage) => stage === 'blocked')).toHaveLength(54);
    expect(await sums()).toEqual({
      contributed: euros(100_011),
      reserved: euros(0),
      committed: euros(100_000),
      free: euros(11),
    });
    expect(await answers()).toEqual([10, 10, 54]);
  }, 90_000);
});
