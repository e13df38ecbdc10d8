import { randomUUID } from 'node:crypto';
import { AuditWorld, type Planted } from './audit.given';
import { aMatchingTale } from './matching-tale.given';
import { aRoundTale, proposalOf, type Proposal } from './round-tale.given';

const run = (from: string, to: string, minutes: number): Proposal['weeks'] => [{ from, to, minutes }];
/** Of the offer 300 minutes are taken in W15 and W16, none in W17; it has none in W18. */
const fitting: Proposal['weeks'] = [...run('2026-W15', '2026-W16', 300), ...run('2026-W17', '2026-W17', 600)];

/** What is proposed, up to which event the round saw the log, and how often it breaks the invariant. */
const breaches: readonly {
  readonly says: string;
  readonly proposed: readonly Proposal['weeks'][];
  readonly sawUpTo: string;
  readonly then?: Planted['event'] & { readonly before: string };
  readonly mend?: (tale: readonly Planted[]) => readonly Planted[];
  readonly found: readonly string[];
}[] = [
  { says: 'nothing in a round within both', proposed: [fitting], sawUpTo: 'delivered', found: [] },
  {
    says: 'nothing in what was free of the round’s own view, though it was taken since',
    proposed: [run('2026-W15', '2026-W17', 600)],
    sawUpTo: 'opened',
    found: [],
  },
  {
    says: 'more than is free and more than is lacking',
    proposed: [run('2026-W15', '2026-W15', 301)],
    sawUpTo: 'delivered',
    found: [
      '301 minutes of 2026-W15 were proposed of the offer OFFER, of which 300 were free.',
      '301 minutes of 2026-W15 were proposed to the need NEED, of which 300 were lacking.',
    ],
  },
  {
    says: 'proposals that are too much together',
    proposed: [run('2026-W17', '2026-W17', 300), run('2026-W17', '2026-W17', 301)],
    sawUpTo: 'delivered',
    found: [
      '601 minutes of 2026-W17 were proposed of the offer OFFER, of which 600 were free.',
      '601 minutes of 2026-W17 were proposed to the need NEED, of which 600 were lacking.',
    ],
  },
  {
    says: 'a week beyond the offer',
    proposed: [run('2026-W18', '2026-W18', 60)],
    sawUpTo: 'delivered',
    found: ['60 minutes of 2026-W18 were proposed of the offer OFFER, of which 0 were free.'],
  },
  {
    says: 'minutes of a paused offer',
    proposed: [fitting],
    sawUpTo: 'delivered',
    then: { type: 'OfferPaused', data: { reasonCode: 'stale' }, before: 'opened' },
    found: ['300', '300', '600'].map(
      (minutes, at) => `${minutes} minutes of 2026-W${15 + at} were proposed of the offer OFFER, of which 0 were free.`,
    ),
  },
  {
    says: 'minutes for a closed need',
    proposed: [run('2026-W17', '2026-W17', 60)],
    sawUpTo: 'delivered',
    then: { type: 'NeedClosed', data: { reasonCode: 'withdrawn' }, before: 'delivered' },
    found: ['60 minutes of 2026-W17 were proposed to the need NEED, of which 0 were lacking.'],
  },
  {
    says: 'a count of proposals that is not theirs',
    proposed: [fitting],
    sawUpTo: 'delivered',
    mend: (tale) =>
      tale.map((one) =>
        one.key === 'solved'
          ? { ...one, event: { ...one.event, data: { ...(one.event.data as object), proposals: 2 } } }
          : one,
      ),
    found: ['It counts 2 proposals, and 1 are recorded.'],
  },
  {
    says: 'a round that saw what was yet to come',
    proposed: [fitting],
    sawUpTo: 'the future',
    found: ['It saw what was yet to come.'],
  },
];

describe('check proves of each round that it proposed within demand and capacity', () => {
  let world: AuditWorld;
  beforeAll(async () => (world = await AuditWorld.start()));
  afterAll(() => world.stop());

  it.each(breaches)('and finds $says', async ({ proposed, sawUpTo, then, mend = (tale) => tale, found }) => {
    const { tale, ids } = aMatchingTale();
    const planted = tale.flatMap((one) => {
      if (then === undefined || one.key !== then.before) return [one];
      const model = tale.find(({ key }) => key === (then.type === 'NeedClosed' ? 'opened' : 'published'));
      return model === undefined ? [] : [{ ...model, key: 'then', event: then, eventId: randomUUID() }, one];
    });
    const positions = await world.plant(planted);
    const round = aRoundTale(
      positions.get(sawUpTo) ?? '999999999/999999999',
      proposed.map((weeks) => proposalOf(ids, weeks)),
    );
    const at = new Set((await world.plant(mend(round.tale))).values());
    const { breaches: all } = (await world.json(['check'])) as {
      breaches: { invariant: string; position: string; words: string }[];
    };
    const here = all.filter(({ position }) => at.has(position));
    expect(here.map(({ words }) => words.replace(ids.offer, 'OFFER').replace(ids.need, 'NEED'))).toEqual(found);
    expect(here.every(({ invariant }) => invariant === 'rounds-within-capacity')).toBe(true);
  });
});
