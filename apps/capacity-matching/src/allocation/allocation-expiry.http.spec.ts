import { randomUUID } from 'node:crypto';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { allocationExpiry } from './allocation-expiry.reactor';
import { Allocation } from './allocation-register.read-model';
import { AllocationWorld } from './allocation-world.given';

let world: AllocationWorld;
beforeEach(async () => {
  world = await AllocationWorld.start({ HOLD_HOURS: '48' });
});
afterEach(() => world.stop());

const HOUR_MS = 3_600_000;
const expiries = async (id: string) => (await world.types(id)).filter((type) => type === 'AllocationExpired').length;

describe('expiry by clock', () => {
  it('ends what a side has not accepted in time, once, and gives its minutes back', async () => {
    const [match, other] = [await world.match(), await world.match()];
    const [waiting, started] = [await world.proposed(match), await world.started(other)];
    await world.accept(waiting, match.supporter);
    world.clock.moveAhead(47 * HOUR_MS);
    world.clock.moveAhead(60_000);
    expect(await expiries(waiting)).toBe(0);
    world.clock.moveAhead(HOUR_MS);
    await world.until(async () => {
      world.clock.moveAhead(60_000);
      return (await world.offerTypes(match.offerId)).includes('HoldReleased');
    });
    for (let minute = 0; minute < 5; minute += 1) world.clock.moveAhead(60_000);
    expect(await expiries(waiting)).toBe(1);
    expect(await world.offerTypes(match.offerId)).toEqual(['OfferPublished', 'CapacityHeld', 'HoldReleased']);
    expect((await world.types(started)).at(-1)).toBe('AllocationStarted');
    expect(await world.accept(waiting, match.helper)).toMatchObject({ status: 409 });
  });

  it('is found by whoever looks after it next, and fires once also where several do at the same time', async () => {
    const allocationId = await world.proposed(await world.match());
    const database = await connectDatabase({ url: world.matching.database.url, entities: [Allocation] });
    const now = new Date(world.clock.now().getTime() + 48 * HOUR_MS);
    await world.until(() => database.manager.existsBy(Allocation, { id: allocationId }));
    const tick = async () => {
      // As after a restart: nothing is remembered but the log and the register.
      const commands = new CommandHandler(world.matching.store, new Metrics('capacity-matching'));
      const due = await allocationExpiry.due(database.manager, { now, after: undefined, limit: 100 }, {});
      for (const one of due) {
        const commandId = randomUUID();
        const cause = { commandId, correlationId: commandId, causationId: commandId, at: now.toISOString() };
        await allocationExpiry.execute(one, { ...cause, actor: { subject: 'clock', roles: [] } }, commands);
      }
      return due.map(({ target }) => target);
    };
    expect(await Promise.all([tick(), tick(), tick()])).toContainEqual([allocationId]);
    await tick();
    expect(await expiries(allocationId)).toBe(1);
    const early = { now: new Date(now.getTime() - 2 * HOUR_MS), after: undefined, limit: 100 };
    expect(await allocationExpiry.due(database.manager, early, {})).toEqual([]);
    await database.destroy();
  });
});
