import { DevelopmentIssuer } from './development-issuer';
import { RememberedTokens } from './remembered-tokens';
import { InvalidToken } from './token-verifier';

const start = Date.parse('2026-01-01T00:00:00Z');
const hoursMs = 3_600_000;

/** An issuer at a time that the test sets, with a count of the signatures that were checked. */
function world() {
  const clock = { nowMs: start, now: () => new Date(clock.nowMs) };
  const issuer = new DevelopmentIssuer(clock);
  const verify = jest.spyOn(issuer, 'verify');
  return { clock, issuer, verify, tokens: new RememberedTokens(issuer, clock) };
}

describe('a remembered token', () => {
  it('is checked once a minute', async () => {
    const { clock, issuer, verify, tokens } = world();
    const token = await issuer.issue({ roles: ['auditor'], subject: 'a-1' });
    for (const afterMs of [0, 1, 59_999]) {
      clock.nowMs = start + afterMs;
      expect(await tokens.verify(token)).toEqual({ subject: 'a-1', roles: ['auditor'] });
    }
    expect(verify).toHaveBeenCalledTimes(1);
    clock.nowMs = start + 60_000;
    await tokens.verify(token);
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it('is not valid for a moment longer than it says', async () => {
    const { clock, issuer, tokens } = world();
    const token = await issuer.issue({ roles: ['auditor'] });
    clock.nowMs = start + 12 * hoursMs - 1_000;
    await tokens.verify(token);
    clock.nowMs = start + 12 * hoursMs;
    await expect(tokens.verify(token)).rejects.toThrow(InvalidToken);
  });

  it('does not lend its actor to another token', async () => {
    const { issuer, tokens } = world();
    const token = await issuer.issue({ roles: ['auditor'] });
    await tokens.verify(token);
    await expect(tokens.verify(`${token}x`)).rejects.toThrow(InvalidToken);
    await expect(tokens.verify(token.slice(0, -2))).rejects.toThrow(InvalidToken);
  });

  it('gives way to newer ones when there are very many', async () => {
    const { issuer, verify, tokens } = world();
    const all = await Promise.all(
      Array.from({ length: 1001 }, (_, number) => issuer.issue({ roles: [], subject: `s-${number}` })),
    );
    for (const token of all) await tokens.verify(token);
    verify.mockClear();
    await tokens.verify(all[1000] ?? '');
    expect(verify).not.toHaveBeenCalled();
    await tokens.verify(all[0] ?? '');
    expect(verify).toHaveBeenCalledTimes(1);
  });
});
