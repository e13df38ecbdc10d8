import type { Clock } from '@alliance/event-sourcing';
import { errorMessage } from '../error-message';

/** Whether the service can work now, and what of that which it needs is in order (`ok`) or what is wrong with it. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Rejects, with a message for operators, when something is not in order. */
export type Check = () => Promise<unknown>;

const CHECK_WITHIN_MS = 3_000;
const GOOD_FOR_MS = 1_000;

/** Asks all at once, each bounded in time; who asks again within a second gets the same answer. */
export class ReadinessProbe {
  private last: { readonly at: number; readonly readiness: Promise<Readiness> } | undefined;

  constructor(
    private readonly checks: Readonly<Record<string, Check>>,
    private readonly clock: Clock,
  ) {}

  readiness(): Promise<Readiness> {
    const now = this.clock.now().getTime();
    if (this.last === undefined || now - this.last.at >= GOOD_FOR_MS) this.last = { at: now, readiness: this.ask() };
    return this.last.readiness;
  }

  private async ask(): Promise<Readiness> {
    const verdicts = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => [name, await this.verdict(check)] as const),
    );
    return { ready: verdicts.every(([, verdict]) => verdict === 'ok'), checks: Object.fromEntries(verdicts) };
  }

  private async verdict(check: Check): Promise<string> {
    const answered = new AbortController();
    const late = this.clock
      .sleep(CHECK_WITHIN_MS, answered.signal)
      .then(() => `no answer within ${CHECK_WITHIN_MS} ms`);
    const asked = check().then(() => 'ok', errorMessage);
    const verdict = await Promise.race([asked, late]);
    answered.abort();
    return verdict;
  }
}
