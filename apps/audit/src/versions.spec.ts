import { randomUUID } from 'node:crypto';
import type { GrantEvent } from '@alliance/fund/events';
import { AuditWorld } from './audit.given';
import { before, breachesOf, change, type Mend, type Planting, without } from './breach.given';

const sentBack = (): GrantEvent => {
  return { type: 'InformationRequested', data: { items: ['overlap-reason'], requestedBy: 'officer-1' } };
};
/** Right before another event the application is sent back, submitted as version 2, and checked. */
const resubmitted =
  (key: string): Mend =>
  (tale, ids) => {
    const again = ['submitted', 'formal'].flatMap((one) => tale.filter((planted) => planted.key === one));
    const next = again.map((one) => {
      const data = { ...(one.event.data as object), version: 2 };
      return { ...one, key: `${one.key} again`, event: { ...one.event, data }, eventId: randomUUID() };
    });
    return before(key, sentBack)(tale, ids).flatMap((one) => (one.key === key ? [...next, one] : [one]));
  };

const breaches: readonly Planting[] = [
  {
    says: 'an award decided after the application was sent back',
    mend: before('decided', sentBack),
    broken: [['four-eyes-on-decisions', 'decided']],
  },
  {
    says: 'a proposal by the reviews of an old version',
    mend: resubmitted('proposed'),
    broken: [['reviews-of-the-version', 'proposed']],
  },
  {
    says: 'an award by the approvals of what was proposed on an old version',
    mend: resubmitted('decided'),
    broken: [['four-eyes-on-decisions', 'decided']],
  },
  {
    says: 'a review, and a proposal, of what had not passed the formal check',
    mend: without('formal'),
    broken: [
      ['reviews-of-the-version', 'reviewed reviewer-1'],
      ['reviews-of-the-version', 'reviewed reviewer-2'],
      ['reviews-of-the-version', 'proposed'],
    ],
  },
  {
    says: 'a formal check of an old version',
    mend: change('submitted', () => ({ version: 2 })),
    broken: [['reviews-of-the-version', 'formal']],
  },
];

describe('check proves that what was decided is the version of the application that was submitted last', () => {
  let world: AuditWorld;
  beforeAll(async () => (world = await AuditWorld.start()));
  afterAll(() => world.stop());

  it('finds none where all that followed is of the next version', async () => {
    const anew: Mend = (tale) => {
      const again = ['reviewed reviewer-1', 'proposed'].flatMap((key) => tale.filter((one) => one.key === key));
      const next = again.map((one) => ({ ...one, key: `${one.key} again`, eventId: randomUUID() }));
      return tale.flatMap((one) => (one.key === 'approved 1' ? [...next, one] : [one]));
    };
    const ofVersion2 = ['proposed again', 'approved 1', 'approved 2', 'decided', 'awarded'].map((key) =>
      change(key, () => ({ version: 2 })),
    );
    const mend: Mend = (tale, ids) =>
      [anew, ...ofVersion2, resubmitted('reviewed reviewer-1 again')].reduce((one, next) => next(one, ids), tale);
    expect(await breachesOf(world, mend)).toEqual([]);
  });

  it.each(breaches)('finds $says, where it lies, and nothing else of that grant', async ({ mend, broken }) => {
    expect(await breachesOf(world, mend)).toEqual(broken.map((one) => one.join(' ')).sort());
  });
});
