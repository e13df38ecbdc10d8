import { mondayOf } from '@alliance/calendar';
import type { Publication } from '@alliance/contracts';
import { AllocationWorld, type Match } from '../allocation/allocation-world.given';
import { coordinator, teachWords } from '../capacity-matching.given';
import { capacityMatching } from '../capacity-matching.module';
import { offerFacts } from '../offer/offer.given';
import { Analyst } from './analyst.given';

let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start();
  await teachWords(world.matching);
});
afterAll(() => world.stop());

/** All that the service publishes of its log, in the order of the log. */
async function published(): Promise<readonly Publication[]> {
  const { publishers } = capacityMatching;
  const stop = new AbortController();
  const catalogues = publishers.map(({ catalogue }) => catalogue);
  const streamPrefixes = catalogues.map(({ category }) => category.prefix);
  const options = { streamPrefixes, after: undefined, maxBatchSize: 1000, signal: stop.signal };
  const messages: Publication[] = [];
  for await (const { events, caughtUp } of world.matching.store.log(catalogues).follow(options)) {
    for (const event of events) {
      const publisher = publishers.find(({ catalogue }) => event.streamName.startsWith(catalogue.category.prefix));
      messages.push(...[publisher?.publish(event) ?? []].flat());
    }
    if (caughtUp) break;
  }
  stop.abort();
  return messages;
}

describe('contracts for analysts', () => {
  it('are enough to count delivered ÷ offered and the funnel, week by week as the service itself does', async () => {
    // Of the week that runs, no more can be proposed than its days to come allow: on a Monday, all.
    const monday = Date.parse(`${mondayOf(world.week(1))}T12:00:00Z`);
    world.clock.moveAhead(monday - world.clock.now().getTime());
    const match = await world.match();
    const weeks = [0, 1, 2, 3, 4, 5].map((later) => world.week(later));
    const propose = async (
      from: number,
      to: number,
      minutes: number,
      of: Pick<Match, 'offerId' | 'needId'> = match,
    ) => {
      const { status, body } = await world.propose(of, [{ from: world.week(from), to: world.week(to), minutes }]);
      expect(status).toBe(201);
      return body.allocationId as string;
    };
    const accept = async (id: string, of = match) => {
      for (const by of [of.helper, of.supporter]) await world.accept(id, by);
    };
    const say = async (id: string, week: string, minutes: number) => {
      for (const by of [match.helper, match.supporter]) await world.hours(id, by, week, minutes);
    };

    const delivered = await propose(0, 1, 200);
    await accept(delivered);
    const givenUp = await propose(1, 4, 100);
    await accept(givenUp);
    await world.decline(await propose(2, 2, 50), match.supporter, 'no-time');
    const expiring = await propose(3, 3, 50);
    await world.accept(expiring, match.helper);
    const other = await world.match();
    const taken = await propose(1, 2, 300, other);
    await accept(taken, other);
    await world.release(taken, other.helper, { reasonCode: 'not-needed' });

    world.passWeeks(1);
    await say(delivered, world.week(-1), 190);
    await world.hours(delivered, match.helper, world.week(0), 150);
    await world.hours(delivered, match.supporter, world.week(0), 160);
    const facts = { ...offerFacts, from: day(-14), until: day(60), minutesPerWeek: 450 };
    expect((await world.matching.put(`/offers/${match.offerId}`, facts, match.supporter)).status).toBe(204);

    world.passWeeks(1);
    await say(givenUp, world.week(-1), 80);
    await world.release(givenUp, match.helper, { reasonCode: 'closed', fromWeek: world.week(1) });
    expect((await world.matching.post(`/offers/${match.offerId}/pause`, {}, match.supporter)).status).toBe(204);
    await world.matching.post(`/offers/${other.offerId}/withdrawal`, { reasonCode: 'no-longer' }, other.supporter);
    await world.until(async () => (await world.types(expiring)).includes('AllocationExpired'));
    await world.hours(delivered, match.supporter, world.week(-1), 150);
    const releases = async (id: string) =>
      (await world.offerTypes(id)).filter((type) => type === 'HoldReleased').length;
    await world.until(async () => (await releases(match.offerId)) === 3 && (await releases(other.offerId)) === 1);
    await world.matching.post(`/offers/${match.offerId}/resumption`, {}, match.supporter);
    const paused = await world.matching.post(`/offers/${match.offerId}/pause`, {}, match.supporter);

    const analyst = new Analyst(await published());
    const ask = async (path: string) => (await world.matching.getAfter(paused, `/figures/${path}`, coordinator)).body;
    const kpi = await ask(`kpi?fromWeek=${weeks[0]}&toWeek=${weeks.at(-1)}`);
    const counted = weeks.map((week) => analyst.week(week)).filter(({ offered }) => offered > 0);
    expect(kpi.weeks).toEqual(counted);
    expect(kpi).toMatchObject({ delivered: 190 + 150 + 80 });
    expect(new Set(counted.map(({ offered }) => offered)).size).toBeGreaterThan(2);

    const { reasons, ...counts } = analyst.funnel();
    const funnel = await ask(`funnel?until=${day(1)}`);
    expect(funnel).toMatchObject(counts);
    expect(counts.byStage).toEqual({
      ...{ proposed: 0, started: 1, delivered: 1, declined: 1, expired: 1, released: 1, failed: 0 },
    });
    expect(
      funnel.reasons.map((one: { stage: string; reasonCode: string }) => `${one.stage}: ${one.reasonCode}`),
    ).toEqual(reasons);
  });
});

function day(later: number): string {
  return new Date(world.clock.now().getTime() + later * 86_400_000).toISOString().slice(0, 10);
}
