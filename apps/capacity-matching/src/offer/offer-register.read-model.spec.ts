import { randomUUID } from 'node:crypto';
import { addDays, berlinDayOf, mondayOf, weekOf, weeksFrom } from '@alliance/calendar';
import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { given, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { capacityMatching } from '../capacity-matching.module';
import { recordedIn } from '../recorded-events.given';
import { offer, type OfferCommand } from './offer.decider';
import { type OfferEvent, offerEvents } from './offer.events';
import { offerFacts } from './offer.given';
import { offerRegister, OfferRow, OfferWeek } from './offer-register.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: capacityMatching.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [OfferRow, OfferWeek] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const MONDAY = '2026-10-05';
const weeks = weeksFrom(weekOf(MONDAY), weekOf(addDays(MONDAY, 69)));
const allocations = Array.from({ length: 4 }, () => randomUUID());
const week = fc.constantFrom(...weeks);

/** What happens to an offer; what its decider refuses then has not happened. Minutes of weeks to come are released only. */
const happening = fc.oneof(
  fc.record({
    type: fc.constant('revise' as const),
    minutes: fc.integer({ min: 100, max: 900 }),
    weeks: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({
    type: fc.constantFrom('PauseOffer' as const, 'ResumeOffer' as const),
    reasonCode: fc.constantFrom('stale', 'by-coordinator'),
  }),
  fc.constant({ type: 'WithdrawOffer' as const, reasonCode: 'no-longer' }),
  fc.record({
    type: fc.constant('hold' as const),
    of: fc.constantFrom(...allocations),
    in: week,
    minutes: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({ type: fc.constantFrom('confirm' as const, 'release' as const), of: fc.constantFrom(...allocations) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function commandFor(one: Happening, at: string): OfferCommand {
  const actor = { subject: 'somebody', roles: [] };
  const context = { commandId: at, correlationId: at, causationId: at, at, actor };
  switch (one.type) {
    case 'revise': {
      const facts = {
        ...offerFacts,
        from: MONDAY,
        until: addDays(MONDAY, 7 * one.weeks - 1),
        minutesPerWeek: one.minutes,
      };
      return { type: 'ReviseOffer', data: { facts }, context };
    }
    case 'hold': {
      const taken = [{ from: one.in, to: one.in, minutes: one.minutes }];
      const data = { allocationId: one.of, needId: one.of, weeks: taken, expiresAt: '2099-01-01T00:00:00.000Z' };
      return { type: 'HoldCapacity', data, context };
    }
    case 'confirm':
      return { type: 'ConfirmHold', data: { allocationId: one.of }, context };
    case 'release': {
      const data = { allocationId: one.of, reasonCode: 'given-up', fromWeek: weekOf(berlinDayOf(at)) };
      return { type: 'ReleaseHold', data, context };
    }
    default:
      return { type: one.type, data: { reasonCode: one.reasonCode }, context };
  }
}

/** By week. */
async function rowsOf(offerId: string): Promise<ReadonlyMap<string, OfferWeek>> {
  const rows = await database.manager.findBy(OfferWeek, { offerId });
  return new Map(rows.map((row) => [row.week, row]));
}

describe('what counts as offered', () => {
  it('stays as it was once a week is over, is never less than what is confirmed, however the events come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), happening), { minLength: 1, maxLength: 14 }),
        async (steps) => {
          const [offerId, again] = [randomUUID(), randomUUID()];
          const facts = { ...offerFacts, from: MONDAY, until: addDays(MONDAY, 69) };
          const published = { organisationId: randomUUID(), facts, publishedBy: 'somebody' };
          const events: OfferEvent[] = [{ type: 'OfferPublished', data: published }];
          const times = [`${MONDAY}T08:00:00.000Z`];
          const recorded = (id: string): RecordedEvent[] =>
            recordedIn(offerEvents, id, events).map((event, index) => ({
              ...event,
              metadata: { ...event.metadata, occurredAt: times[index] ?? '' },
            }));
          await offerRegister.apply(database.manager, recorded(offerId));
          let day = MONDAY;
          for (const [later, what] of steps) {
            day = addDays(day, later);
            const at = `${day}T08:00:00.000Z`;
            const decided = given(offer.decider, events).when(commandFor(what, at));
            if (isRefusal(decided)) continue;
            events.push(...decided);
            times.push(...decided.map(() => at));
            const before = await rowsOf(offerId);
            await offerRegister.apply(database.manager, recorded(offerId).slice(events.length - decided.length));
            const after = await rowsOf(offerId);
            for (const one of weeks) {
              const [then, now] = [before.get(one), after.get(one)];
              expect(now?.promised ?? 0).toBeGreaterThanOrEqual(now?.confirmed ?? 0);
              const isOver = addDays(mondayOf(one), 6) < day;
              // A confirmation may come late: then its minutes count, also where the offer was paused meanwhile.
              if (isOver && what.type !== 'confirm') expect(now?.promised ?? 0).toBe(then?.promised ?? 0);
            }
          }
          await offerRegister.apply(database.manager, recorded(again));
          const atOnce = [...(await rowsOf(again)).values()].map((row) => ({ ...row, offerId }));
          expect(new Set(atOnce.map((row) => JSON.stringify(row)))).toEqual(
            new Set([...(await rowsOf(offerId)).values()].map((row) => JSON.stringify(row))),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
