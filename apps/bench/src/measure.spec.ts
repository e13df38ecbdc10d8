import { compare, concurrently, percentile, spreadOf } from './measure';

const side = (units: number) => () => Promise.resolve({ seconds: 2, units });

describe('measure', () => {
  it('takes the middle figure, or the mean of the two in the middle', () => {
    expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('takes percentiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('divides our rate by the bare one within each round', async () => {
    const outcome = await compare({ ours: side(10), bare: side(40), rounds: 3 }, () => undefined);
    expect(outcome.spread).toEqual({ median: 0.25, min: 0.25, max: 0.25 });
    expect(outcome.raw).toHaveLength(3);
  });

  it('changes which side goes first from round to round, after a warm-up of both', async () => {
    const order: string[] = [];
    const noted = (name: string) => () => {
      order.push(name);
      return Promise.resolve({ seconds: 1, units: 1 });
    };
    await compare({ ours: noted('ours'), bare: noted('bare'), rounds: 2 }, () => undefined);
    expect(order).toEqual(['bare', 'ours', 'bare', 'ours', 'ours', 'bare']);
  });

  it('runs each task once, never more at a time than said', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    await concurrently(20, 4, async (index) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(index);
      running -= 1;
    });
    expect(most).toBe(4);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});
