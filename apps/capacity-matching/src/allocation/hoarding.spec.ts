import { isHoarding } from './hoarding';

const rule = { openAtMost: 3, finishedBelowPercent: 50 };

describe('who hoards', () => {
  it('has as many open as the limit, and has finished less than the share', () => {
    expect(isHoarding({ open: 3, ended: 10, delivered: 4 }, rule)).toBe(true);
    expect(isHoarding({ open: 2, ended: 10, delivered: 0 }, rule)).toBe(false);
    expect(isHoarding({ open: 9, ended: 10, delivered: 5 }, rule)).toBe(false);
  });

  it('is nobody of whom nothing has ended, and nobody where the rule is switched off', () => {
    expect(isHoarding({ open: 100, ended: 0, delivered: 0 }, rule)).toBe(false);
    expect(isHoarding({ open: 100, ended: 10, delivered: 0 }, { ...rule, finishedBelowPercent: 0 })).toBe(false);
  });
});
