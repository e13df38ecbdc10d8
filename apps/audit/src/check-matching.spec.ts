import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@alliance/event-sourcing';
import { AuditWorld, type Planted } from './audit.given';
import { aMatchingTale } from './matching-tale.given';

type Ids = ReturnType<typeof aMatchingTale>['ids'];
type Mend = (tale: readonly Planted[], ids: Ids) => readonly Planted[];

/** Changes what the event says, and who said it. */
const change =
  (key: string, data: object | ((ids: Ids) => object), by?: (ids: Ids) => Partial<Planted>): Mend =>
  (tale, ids) =>
    tale.map((one) => {
      if (one.key !== key) return one;
      const changed = typeof data === 'function' ? (data as (ids: Ids) => object)(ids) : data;
      return { ...one, ...by?.(ids), event: { ...one.event, data: { ...(one.event.data as object), ...changed } } };
    });
/** Changes what the offer or the need says of itself. */
const facts =
  (key: 'published' | 'opened', changed: object | ((ids: Ids) => object)): Mend =>
  (tale, ids) => {
    const before = (tale.find((one) => one.key === key)?.event.data as { facts: object }).facts;
    const now = typeof changed === 'function' ? (changed as (ids: Ids) => object)(ids) : changed;
    return change(key, { facts: { ...before, ...now } })(tale, ids);
  };
const without =
  (...keys: readonly string[]): Mend =>
  (tale) =>
    tale.filter(({ key }) => !keys.includes(key));
/** In the stream of another event, right before it. */
const before =
  (key: string, event: DomainEvent): Mend =>
  (tale) =>
    tale.flatMap((one) => (one.key === key ? [{ ...one, key: 'planted', event, eventId: randomUUID() }, one] : [one]));
/** The offer has 299 minutes a week from then on: before that event, and at that time or that of the event. */
const revisedToLess =
  (key: string, at?: string): Mend =>
  (tale, ids) => {
    const published = tale.find((one) => one.key === 'published') as Planted;
    const { facts } = published.event.data as { facts: object };
    const data = { facts: { ...facts, minutesPerWeek: 299 }, revisedBy: 'supporter-1' };
    return before(key, { type: 'OfferRevised', data })(tale, ids).map((one) =>
      one.key === 'planted'
        ? { ...published, ...one, catalogue: published.catalogue, id: ids.offer, at: at ?? one.at }
        : one,
    );
  };
const proposedTwice = [
  ['hard-rules-held', 'proposed'],
  ['hard-rules-held', 'another proposed'],
] as const;
const asHelper = ({ helper }: Ids): Partial<Planted> => ({ by: 'helper-1', organisationId: helper });

/** What is planted, and which invariants it breaks with which event. */
const breaches: readonly {
  readonly says: string;
  readonly mend: Mend;
  readonly broken: readonly (readonly [invariant: string, key: string])[];
}[] = [
  {
    says: 'minutes held that the offer does not have',
    mend: change('another held', { weeks: [{ from: '2026-W16', to: '2026-W17', minutes: 301 }] }),
    broken: [['offer-never-oversold', 'another held']],
  },
  {
    says: 'minutes held in a week of which the offer covers a part',
    mend: facts('published', { from: '2026-04-07' }),
    broken: [['offer-never-oversold', 'another held']],
  },
  {
    says: 'a hold confirmed after it had expired and others had been given its minutes',
    mend: (tale, ids) =>
      change('held', { expiresAt: '2026-04-01T05:00:00.000Z' })(
        [
          ...tale.filter(({ key }) => ['published', 'proved', 'opened', 'proposed', 'held'].includes(key)),
          ...tale
            .filter(({ key }) => ['another proposed', 'another held'].includes(key))
            .map((one) => change(one.key, { weeks: [{ from: '2026-W15', to: '2026-W15', minutes: 600 }] })([one], ids))
            .flat(),
          ...tale.filter(({ key }) => key === 'confirmed').map((one) => ({ ...one, at: '2026-04-02T00:00:00.000Z' })),
        ],
        ids,
      ),
    broken: [['offer-never-oversold', 'confirmed']],
  },
  {
    says: 'an offer revised below what is taken of it',
    mend: revisedToLess('freed'),
    // Two allocations take 300 in each of two weeks.
    broken: [
      ['offer-never-oversold', 'planted'],
      ['offer-never-oversold', 'planted'],
    ],
  },
  {
    says: 'an offer revised below what is taken of the present week, when the week before is over',
    mend: revisedToLess('delivered', '2026-04-13T00:00:00.000Z'),
    broken: [['offer-never-oversold', 'planted']],
  },
  {
    says: 'nothing where an offer is revised below what was taken of weeks that are over',
    mend: revisedToLess('delivered', '2026-04-20T00:00:00.000Z'),
    broken: [],
  },
  {
    says: 'minutes held of a paused offer',
    mend: before('another held', { type: 'OfferPaused', data: { reasonCode: 'organisation-suspended' } }),
    broken: [['offer-never-oversold', 'another held']],
  },
  {
    says: 'minutes held of an offer that was withdrawn',
    mend: before('another held', { type: 'OfferWithdrawn', data: { reasonCode: 'given-up' } }),
    broken: [['offer-never-oversold', 'another held']],
  },
  {
    says: 'minutes held twice for one allocation',
    mend: change('another held', ({ allocation }) => ({ allocationId: allocation })),
    broken: [['offer-never-oversold', 'another held']],
  },
  {
    says: 'minutes confirmed that had been released',
    mend: (tale, ids) =>
      before('confirmed', {
        type: 'HoldReleased',
        data: { allocationId: ids.allocation, reasonCode: 'given-up' },
      })(tale, ids),
    broken: [['offer-never-oversold', 'confirmed']],
  },
  {
    says: 'a start without the acceptance of a side',
    mend: without('helping accepted'),
    broken: [['both-sides-confirm', 'started']],
  },
  {
    says: 'both sides accepted by one person',
    mend: change('supporting accepted', { acceptedBy: 'helper-1' }, ({ supporter }) => ({
      by: 'helper-1',
      organisationId: supporter,
    })),
    broken: [['both-sides-confirm', 'started']],
  },
  {
    says: 'both sides accepted for one organisation',
    mend: change('supporting accepted', { acceptedBy: 'helper-2' }, (ids) => ({ ...asHelper(ids), by: 'helper-2' })),
    broken: [['both-sides-confirm', 'started']],
  },
  {
    says: 'a side accepted for no organisation',
    mend: change('helping accepted', { acceptedBy: 'coordinator-1' }, () => ({
      ...{ by: 'coordinator-1', roles: ['coordinator'], organisationId: undefined },
    })),
    broken: [['both-sides-confirm', 'started']],
  },
  {
    says: 'an acceptance in the name of another person',
    mend: change('helping accepted', { acceptedBy: 'helper-7' }),
    broken: [['both-sides-confirm', 'helping accepted']],
  },
  {
    says: 'a start before the offer confirmed',
    mend: without('confirmed'),
    broken: [['both-sides-confirm', 'started']],
  },
  {
    says: 'a start after the allocation had expired',
    mend: before('started', { type: 'AllocationExpired', data: { waitedFor: ['helping'] } }),
    broken: [
      ['both-sides-confirm', 'started'],
      ...['supporting reported 2026-W15', 'helping reported 2026-W15'].map(
        (key) => ['hours-within-allocation', key] as const,
      ),
      ...['supporting reported 2026-W16', 'helping reported 2026-W16'].map(
        (key) => ['hours-within-allocation', key] as const,
      ),
    ],
  },
  {
    says: 'an allocation that the offer excludes',
    mend: facts('published', ({ helper }) => ({ excludedOrganisationIds: [helper] })),
    broken: proposedTwice,
  },
  {
    says: 'an allocation that the need excludes',
    mend: facts('opened', ({ supporter }) => ({ excludedOrganisationIds: [supporter] })),
    broken: proposedTwice,
  },
  {
    says: 'an organisation that helps itself',
    mend: (tale, ids) =>
      change('opened', { organisationId: ids.supporter })(
        change('another proposed', { helpingOrganisationId: ids.supporter })(
          change('proposed', { helpingOrganisationId: ids.supporter })(tale, ids),
          ids,
        ),
        ids,
      ),
    broken: proposedTwice,
  },
  {
    says: 'an allocation in the name of another organisation',
    mend: change('another proposed', () => ({ supportingOrganisationId: randomUUID() })),
    broken: [['hard-rules-held', 'another proposed']],
  },
  {
    says: 'help without proof of a qualification that is asked for',
    mend: without('proved'),
    broken: proposedTwice,
  },
  {
    says: 'help beyond the day on which the proof ends',
    mend: change('proved', { validUntil: '2026-04-18' }),
    broken: proposedTwice,
  },
  { says: 'no field shared', mend: facts('published', { fieldKeys: ['transport'] }), broken: proposedTwice },
  { says: 'a region out of reach', mend: facts('published', { regionKeys: ['11000000'] }), broken: proposedTwice },
  {
    says: 'remote help for a need in a place',
    mend: facts('published', { regionKeys: [], isRemotePossible: true }),
    broken: proposedTwice,
  },
  { says: 'a skill that lacks', mend: facts('published', { skills: [] }), broken: proposedTwice },
  {
    says: 'a skill of too low a level',
    mend: facts('published', { skills: [{ key: 'counselling', level: 1 }] }),
    broken: proposedTwice,
  },
  {
    says: 'a language of too low a level',
    mend: facts('published', { languages: [{ tag: 'uk', level: 'A2' }] }),
    broken: proposedTwice,
  },
  { says: 'days that nobody wants', mend: facts('opened', { weekdays: ['mon', 'tue'] }), broken: proposedTwice },
  { says: 'weeks beyond the need', mend: facts('opened', { until: '2026-04-12' }), broken: proposedTwice },
  {
    says: 'an allocation of a need that there is not',
    mend: change('another proposed', () => ({ needId: randomUUID() })),
    broken: [['hard-rules-held', 'another proposed']],
  },
  {
    says: 'hours of a week that is not allocated',
    mend: before('delivered', {
      type: 'HoursReported',
      data: { side: 'helping', week: '2026-W17', minutes: 10, reportedBy: 'helper-1' },
    }),
    broken: [['hours-within-allocation', 'planted']],
  },
  {
    says: 'hours of a week that was released',
    mend: (tale, ids) =>
      before('helping reported 2026-W16', {
        type: 'AllocationReleased',
        data: { reasonCode: 'given-up', fromWeek: '2026-W16' },
      })(change('delivered', { minutes: 280 })(tale, ids), ids),
    broken: [['hours-within-allocation', 'helping reported 2026-W16']],
  },
  {
    says: 'more delivered than both sides reported',
    mend: change('delivered', { minutes: 600 }),
    broken: [['hours-within-allocation', 'delivered']],
  },
  {
    says: 'delivered while the sides differ',
    mend: change('helping reported 2026-W16', { minutes: 270 }),
    broken: [['hours-within-allocation', 'delivered']],
  },
];

describe('check proves what the matching promises from the log alone', () => {
  it('finds no breach in a log without one', async () => {
    const world = await AuditWorld.start();
    await world.plant(aMatchingTale().tale);
    const { exitCode, lines } = await world.run(['check']);
    await world.stop();
    expect(lines.at(-1)).toBe('19 events checked, 0 breaches.');
    expect(exitCode).toBe(0);
  });

  /** Of each tale the breaches that were found in it. */
  const found = new Map<string, string[]>();
  let exitCode: number;
  beforeAll(async () => {
    const world = await AuditWorld.start();
    const planted = new Map<string, ReadonlyMap<string, string>>();
    for (const { says, mend } of breaches) {
      const { tale, ids } = aMatchingTale();
      planted.set(says, await world.plant(mend(tale, ids)));
    }
    const checked = await world.run(['check', '--json']);
    await world.stop();
    ({ exitCode } = checked);
    const told = JSON.parse(checked.lines.join('\n')) as { breaches: { invariant: string; position: string }[] };
    for (const [says, positions] of planted) {
      const keys = new Map([...positions].map(([key, position]) => [position, key]));
      const here = told.breaches.filter(({ position }) => keys.has(position));
      found.set(
        says,
        here.map(({ invariant, position }) => `${invariant} ${keys.get(position)}`),
      );
    }
  });

  it.each(breaches)('finds $says, and nothing else of that tale', ({ says, broken }) => {
    expect(exitCode).toBe(1);
    expect(found.get(says)?.sort()).toEqual(broken.map(([invariant, key]) => `${invariant} ${key}`).sort());
  });
});
