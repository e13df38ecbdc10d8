import fc from 'fast-check';
import { euros } from '../grant/grant.given';
import { sum } from '../money';
import { coverFor, type FreePart, giveBack } from './cover';
import type { Earmark } from './pot.events';

const part = (contributionId: string, units: number, earmark?: Earmark, receivedOn = '2026-01-15'): FreePart => ({
  contributionId,
  free: euros(units),
  receivedOn,
  ...(earmark && { earmark }),
});
const grant = { fieldKeys: ['orientation'], regionKeys: ['09162000'] };
const bavaria = { regionKeys: ['09000000'] };

describe('the cover of an amount', () => {
  it('takes what was given for the narrowest purpose first, then the older, and no more than is needed', () => {
    const parts = [
      part('free', 100),
      part('newer', 50, bavaria, '2026-02-01'),
      part('older', 50, bavaria),
      part('narrow', 10, { ...bavaria, fieldKeys: ['orientation', 'work'] }),
    ];
    expect(coverFor(euros(80), grant, parts)).toEqual({
      cover: [
        { contributionId: 'narrow', amount: euros(10) },
        { contributionId: 'older', amount: euros(50) },
        { contributionId: 'newer', amount: euros(20) },
      ],
    });
  });

  it.each<[string, Earmark]>([
    ['another field of action', { fieldKeys: ['work'] }],
    ['another region', { regionKeys: ['10000000'] }],
    ['a region within that of the grant', { regionKeys: ['09162001'] }],
    ['its field in another region', { fieldKeys: ['orientation'], regionKeys: ['10000000'] }],
  ])('never takes what was given for %s', (_, earmark) => {
    expect(coverFor(euros(1), grant, [part('other', 100, earmark)])).toEqual({ coverable: euros(0) });
  });

  it('takes what was given for a part of the fields only when the grant has no other', () => {
    const two = { ...grant, fieldKeys: ['orientation', 'work'] };
    expect(coverFor(euros(1), two, [part('one', 9, { fieldKeys: ['work'] })])).toEqual({ coverable: euros(0) });
  });

  it('says how much there is where it does not suffice', () => {
    expect(coverFor(euros(100), grant, [part('a', 60), part('b', 39)])).toEqual({ coverable: euros(99) });
  });

  it('makes up the amount exactly, and gives back exactly, from the last first', () => {
    const cents = fc.integer({ min: 1, max: 1000 });
    const earmarks = fc.constantFrom(undefined, bavaria, { fieldKeys: ['orientation'] }, { fieldKeys: ['work'] });
    const parts = fc.array(fc.tuple(cents, earmarks), { maxLength: 8 });
    fc.assert(
      fc.property(parts, cents, fc.nat(1000), (given, wanted, back) => {
        const available = given.map(([units, earmark], index) => part(String(index), units, earmark));
        const found = coverFor(euros(wanted), grant, available);
        const usable = available.filter(({ earmark }) => !earmark?.fieldKeys?.includes('work'));
        const there = usable.reduce((total, { free }) => total + free.cents, 0);
        if ('coverable' in found) {
          expect(found.coverable.cents).toBe(there);
          expect(there).toBeLessThan(wanted * 100);
          return;
        }
        const { cover } = found;
        expect(
          sum(
            cover.map(({ amount }) => amount),
            'EUR',
          ),
        ).toEqual(euros(wanted));
        for (const { contributionId, amount } of cover) {
          const from = usable.find((one) => one.contributionId === contributionId);
          expect(amount.cents).toBeLessThanOrEqual(from?.free.cents ?? 0);
        }
        const returned = Math.min(back, wanted);
        const kept = giveBack(cover, euros(returned));
        expect(
          sum(
            kept.map(({ amount }) => amount),
            'EUR',
          ),
        ).toEqual(euros(wanted - returned));
        expect(kept.slice(0, -1)).toEqual(cover.slice(0, Math.max(kept.length - 1, 0)));
      }),
    );
  });
});
