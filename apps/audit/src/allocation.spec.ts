import { randomUUID } from 'node:crypto';
import type { AllocationEvent, NeedEvent, OfferEvent } from '@alliance/capacity-matching/events';
import { AuditWorld, type Planted } from './audit.given';
import { aMatchingTale } from './matching-tale.given';

const { tale, ids } = aMatchingTale();
let world: AuditWorld;
let positions: ReadonlyMap<string, string>;
beforeAll(async () => {
  world = await AuditWorld.start();
  positions = await world.plant(tale);
});
afterAll(() => world.stop());
const at = (key: string) => positions.get(key) ?? '';

describe('allocation <id>: its history in words, with what its offer and its need say', () => {
  it('tells it from the three streams, in the order of the log', async () => {
    const { entries } = await world.json(['allocation', ids.allocation]);
    const ofOther = ['another proposed', 'another held', 'another released', 'freed'];
    const concerned = tale.filter(({ key }) => !ofOther.includes(key));
    expect(entries.map(({ position }: { position: string }) => position)).toEqual(concerned.map(({ key }) => at(key)));
    const words = entries.map(({ words }: { words: string }) => words);
    expect(words).toEqual(
      expect.arrayContaining([
        `${ids.supporter} offers 600 minutes a week from 2026-04-06 until 2026-04-26.`,
        'The offer holds 300 minutes in each week from 2026-W15 to 2026-W16, until 2026-04-04T00:00:00.000Z.',
        'The supporting side accepted.',
        'The helping side says that 280 minutes were worked in 2026-W16.',
        'It was delivered: 560 minutes in all.',
      ]),
    );
    expect(entries.at(-1)).toMatchObject({ by: 'helper-1', event: 'AllocationDelivered', data: { minutes: 560 } });
  });

  it('prints a line for each event, and goes from page to page', async () => {
    const { lines, exitCode } = await world.run(['allocation', ids.another]);
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatch(/capacity-matching\.allocation +The offer has its minutes back: given-up\. +capacity/);
    const first = await world.run(['allocation', ids.allocation, '--limit', '2']);
    expect(first.lines).toHaveLength(4);
    expect(first.lines.at(-1)).toBe(`More: --after ${at('proved')}`);
    const next = await world.json(['allocation', ids.allocation, '--after', at('helping reported 2026-W16')]);
    expect(next.entries).toHaveLength(1);
  });

  it('has words for whatever can happen', async () => {
    const another = aMatchingTale();
    const model = (key: string) => another.tale.find((one) => one.key === key);
    const following = (key: string, events: readonly (OfferEvent | NeedEvent | AllocationEvent)[]): Planted[] =>
      events.flatMap((event, index) => {
        const one = model(key);
        return one === undefined ? [] : [{ ...one, key: `${key} ${index}`, event, eventId: randomUUID() }];
      });
    const { allocation: allocationId } = another.ids;
    const offerFacts = (model('published')?.event as Extract<OfferEvent, { type: 'OfferPublished' }>).data.facts;
    const needFacts = (model('opened')?.event as Extract<NeedEvent, { type: 'NeedOpened' }>).data.facts;
    const short = [{ week: '2026-W15', wanted: 300, free: 60 }];
    await world.plant([
      ...another.tale.filter(({ key }) => ['published', 'opened', 'proposed'].includes(key)),
      ...following('published', [
        { type: 'OfferRevised', data: { facts: { ...offerFacts, minutesPerWeek: 100 }, revisedBy: 'supporter-1' } },
        { type: 'OfferAssured', data: { assuredBy: 'supporter-1' } },
        { type: 'OfferPaused', data: { reasonCode: 'stale' } },
        { type: 'OfferResumed', data: { reasonCode: 'stale' } },
        { type: 'HoldDeclined', data: { allocationId, reasonCode: 'capacity-taken', short } },
        { type: 'HoldReleased', data: { allocationId, reasonCode: 'left', fromWeek: '2026-W16' } },
        { type: 'OfferWithdrawn', data: { reasonCode: 'given-up' } },
      ]),
      ...following('opened', [
        { type: 'NeedRevised', data: { facts: { ...needFacts, severity: 1 }, revisedBy: 'helper-1' } },
        { type: 'NeedPrioritised', data: { severity: 3, reasonCode: 'shortage' } },
        { type: 'NeedClosed', data: { reasonCode: 'fulfilled' } },
      ]),
      ...following('proposed', [
        { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'unfit', declinedBy: 'helper-1' } },
        { type: 'AllocationExpired', data: { waitedFor: ['helping', 'supporting'] } },
        { type: 'DeliveryDisputed', data: { week: '2026-W15', helping: 10, supporting: 20 } },
        { type: 'AllocationReleased', data: { reasonCode: 'left', fromWeek: '2026-W16' } },
        { type: 'AllocationFailed', data: { reasonCode: 'capacity-taken' } },
      ]),
    ]);
    const { entries } = await world.json(['allocation', allocationId]);
    expect(entries.map(({ words }: { words: string }) => words).slice(3)).toEqual([
      'The offer is of 100 minutes a week from 2026-04-06 until 2026-04-26 now.',
      'The offer still holds.',
      'The offer is paused: stale.',
      'The offer is no longer paused for stale.',
      'The offer holds nothing: capacity-taken, 60 of 300 minutes free in 2026-W15.',
      'The offer has its minutes back from 2026-W16 on: left.',
      'The offer was withdrawn: given-up.',
      'The need is of 600 minutes a week from 2026-04-06 until 2026-05-03 now, severity 1.',
      'The need has severity 3: shortage.',
      'The need was closed: fulfilled.',
      'The helping side declined: unfit.',
      'It expired; the helping and the supporting side had not accepted.',
      'The sides differ on 2026-W15: 10 minutes by the helping side, 20 by the supporting one.',
      'It was given up from 2026-W16 on: left.',
      'It came to nothing: capacity-taken.',
    ]);
  });

  it('is led back to the commands of persons by why', async () => {
    const { causes } = await world.json(['why', ids.allocation]);
    const confirmed = causes.find(({ event }: { event: string }) => event === 'HoldConfirmed');
    const cause = causes.find(({ eventId }: { eventId: string }) => eventId === confirmed.causedBy.event);
    expect([cause.event, cause.by, cause.causedBy]).toEqual([
      'AllocationAccepted',
      'supporter-1',
      { command: cause.commandId },
    ]);
  });

  it('says so when there is no such allocation', async () => {
    const { exitCode, faults } = await world.run(['allocation', ids.offer]);
    expect([exitCode, faults]).toEqual([2, [`alliance-audit: There is no allocation ${ids.offer}.`]]);
  });
});
