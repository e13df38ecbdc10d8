import type { Actor, Clock } from '@alliance/event-sourcing';
import { decodeJwt } from 'jose';
import { TokenVerifier } from './token-verifier';

const REMEMBERED_MS = 60_000;
const MOST_TOKENS = 1_000;

/**
 * Remembers that a token was valid, for a minute at most and never past its expiry: checking its signature costs more
 * than all else that a command costs this process.
 */
export class RememberedTokens extends TokenVerifier {
  private readonly known = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();

  constructor(
    private readonly tokens: TokenVerifier,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super();
  }

  async verify(token: string): Promise<Actor> {
    const nowMs = this.clock.now().getTime();
    const known = this.known.get(token);
    if (known && nowMs < known.untilMs) return known.actor;
    const actor = await this.tokens.verify(token);
    this.remember(token, actor, Math.min(nowMs + REMEMBERED_MS, (decodeJwt(token).exp ?? 0) * 1000));
    return actor;
  }

  private remember(token: string, actor: Actor, untilMs: number): void {
    this.known.delete(token);
    this.known.set(token, { actor, untilMs });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_TOKENS && oldest !== undefined) this.known.delete(oldest);
  }
}
