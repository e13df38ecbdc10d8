import { Value } from '@sinclair/typebox/value';
import { recordedIn } from '../recorded-events.given';
import { matchingRoundContracts, publishMatchingRound } from './matching-round.contract';
import { type MatchingRoundEvent, matchingRoundEvents } from './matching-round.events';

const roundId = '80000000-0000-4000-8000-000000000001';
const result = {
  weeks: [
    {
      ...{ from: '2026-W15', to: '2026-W17', servedMinutes: [0, 300, 60] },
      objective: 990,
      bound: 990,
      isOptimal: true,
    },
  ],
  ...{ milliseconds: 12, proposals: 2, unserved: 1 },
};

describe('what is published of a matching round', () => {
  it('is its result as a whole, once it is solved', () => {
    const life: MatchingRoundEvent[] = [
      { type: 'RoundSolved', data: { ...result, method: 1, pairs: 9, certificateDigest: 'a'.repeat(64) } },
      { type: 'RoundStopped', data: { reasonCode: 'cancelled' } },
    ];
    const published = recordedIn(matchingRoundEvents, roundId, life).flatMap(
      (event) => publishMatchingRound(event) ?? [],
    );
    expect(published.map(({ contract }) => contract)).toEqual([...matchingRoundContracts]);
    for (const { contract, data } of published) {
      expect(data).toEqual({ roundId, ...result, solvedAt: '2026-04-01T00:00:00.000Z' });
      expect([...Value.Errors(contract.schema, data)]).toEqual([]);
    }
  });
});
