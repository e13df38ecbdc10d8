import { assertExact } from './transport-limits';

const size = { needs: 65_535, offers: 70_000, neededMinutes: 1, offeredMinutes: 1, mostGain: 1, mostTie: 2 ** 36 - 1 };

describe('the limits of an exact transport', () => {
  it('are 65,535 needs or offers with ties of 36 bits', () => {
    expect(() => assertExact(size)).not.toThrow();
    expect(() => assertExact({ ...size, needs: 65_536 })).toThrow(
      'a tie of 68719476735 times twice the fewer of needs and offers plus one (131073) passes 2^53',
    );
  });

  it('are 2^53 for what the gains of a way through the tree can come to', () => {
    const mostGain = Math.floor(Number.MAX_SAFE_INTEGER / 131_071);
    expect(() => assertExact({ ...size, mostGain })).not.toThrow();
    expect(() => assertExact({ ...size, mostGain: mostGain + 1 })).toThrow('a gain of');
  });

  it('are 2^53 for what all minutes can gain', () => {
    const most = { ...size, mostGain: 2 ** 20, neededMinutes: 2 ** 33 - 1, offeredMinutes: 2 ** 50 };
    expect(() => assertExact(most)).not.toThrow();
    expect(() => assertExact({ ...most, neededMinutes: 2 ** 33 })).toThrow('times all minutes that can move');
  });
});
