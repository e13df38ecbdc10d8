import fc from 'fast-check';
import type { Pair, Transport } from './transport.given';

const minutes = fc.integer({ min: 0, max: 8 });

/** Transports so small that another way can be tried on each; ties are as good as random. */
export const smallTransports: fc.Arbitrary<Transport> = fc
  .record({
    needs: fc.integer({ min: 1, max: 8 }),
    offers: fc.integer({ min: 1, max: 6 }),
    most: fc.constantFrom(1, 3, 100),
  })
  .chain(({ needs, offers, most }) =>
    fc.record({
      demands: fc.array(minutes, { minLength: needs, maxLength: needs }),
      capacities: fc.array(minutes, { minLength: offers, maxLength: offers }),
      pairs: fc.uniqueArray(
        fc.record({
          need: fc.integer({ min: 0, max: needs - 1 }),
          offer: fc.integer({ min: 0, max: offers - 1 }),
          gain: fc.integer({ min: 1, max: most }),
          tie: fc.noBias(fc.integer({ min: 0, max: 2 ** 36 - 1 })),
        }),
        { selector: ({ need, offer }) => `${need}/${offer}`, maxLength: 30 },
      ),
    }),
  );

/** The same transport with its lists in another order, and where each need, offer and pair of it stands in the first. */
export interface Reordered {
  readonly transport: Transport;
  readonly needs: readonly number[];
  readonly offers: readonly number[];
  readonly pairs: readonly number[];
}

export const reordered = (transport: Transport): fc.Arbitrary<Reordered> =>
  fc
    .record({
      needs: orderOf(transport.demands),
      offers: orderOf(transport.capacities),
      pairs: orderOf(transport.pairs),
    })
    .map(({ needs, offers, pairs }) => ({
      needs,
      offers,
      pairs,
      transport: {
        demands: needs.map((need) => transport.demands[need] as number),
        capacities: offers.map((offer) => transport.capacities[offer] as number),
        pairs: pairs.map((at) => {
          const pair = transport.pairs[at] as Pair;
          return { ...pair, need: needs.indexOf(pair.need), offer: offers.indexOf(pair.offer) };
        }),
      },
    }));

function orderOf(list: readonly unknown[]): fc.Arbitrary<number[]> {
  return fc.shuffledSubarray([...list.keys()], { minLength: list.length });
}
