import { formatPosition } from '@alliance/event-sourcing';
import { type FundRecord, grantEvents, isUpTo, type Moment, potEvents } from '@alliance/fund/events';

/**
 * Where the money of a pot lies, in cents. Each movement takes from one account what it gives to another; what donors
 * have given is the sum of the others at any time.
 */
export const accounts = ['donors', 'free', 'reserved', 'committed', 'paid', 'returned'] as const;
export type Account = (typeof accounts)[number];
export type Balances = Readonly<Record<Account, number>>;

export interface Movement {
  readonly position: string;
  readonly at: string;
  readonly event: FundRecord['type'];
  readonly grantId?: string;
  readonly from: Account;
  readonly to: Account;
  readonly cents: number;
}

export interface PotLedger {
  readonly potId: string;
  readonly name: string;
  readonly currency: string;
  readonly opening: Balances;
  readonly movements: readonly Movement[];
  readonly closing: Balances;
  /** Whether opening and movements give the closing, no account but the donors' is below zero, and nothing is lost. */
  readonly addsUp: boolean;
}

interface Pot {
  readonly name: string;
  readonly currency: string;
  readonly before: Movement[];
  readonly within: Movement[];
}

/** Gathers the money of all pots from the events of the fund, in the order of the log; both days are included. */
export class Ledger {
  readonly #pots = new Map<string, Pot>();
  readonly #potOf = new Map<string, string>();
  /** Cents by grant and attempt. */
  readonly #reserved = new Map<string, number>();

  constructor(
    private readonly dayBefore: Moment | undefined,
    private readonly to: Moment | undefined,
  ) {}

  see(event: FundRecord): void {
    if (event.type === 'GrantDrafted') {
      this.#potOf.set(grantEvents.category.idOf(event.streamName), event.data.potId);
    }
    if (event.type === 'PotOpened') {
      const { name, currency } = event.data;
      this.#pots.set(potEvents.category.idOf(event.streamName), { name, currency, before: [], within: [] });
    }
    const moved = this.#movementBy(event);
    if (moved === undefined || (this.to !== undefined && !isUpTo(this.to, event))) return;
    const { potId, ...money } = moved;
    const pot = this.#pots.get(potId);
    if (pot === undefined) throw new Error(`${event.type} at ${formatPosition(event.position)} is of no pot.`);
    const isBefore = this.dayBefore !== undefined && isUpTo(this.dayBefore, event);
    const movement = {
      position: formatPosition(event.position),
      at: event.metadata.occurredAt,
      event: event.type,
      ...money,
    };
    (isBefore ? pot.before : pot.within).push(movement);
  }

  pots(): readonly PotLedger[] {
    return [...this.#pots].map(([potId, { name, currency, before, within }]) => {
      const opening = balances(before);
      const closing = balances([...before, ...within]);
      return { potId, name, currency, opening, movements: within, closing, addsUp: addsUp(closing) };
    });
  }

  #movementBy(
    event: FundRecord,
  ): (Pick<Movement, 'grantId' | 'from' | 'to' | 'cents'> & { potId: string }) | undefined {
    const ofPot = () => potEvents.category.idOf(event.streamName);
    const ofGrant = () => {
      const grantId = grantEvents.category.idOf(event.streamName);
      return { grantId, potId: this.#potOf.get(grantId) ?? '' };
    };
    switch (event.type) {
      case 'ContributionReceived':
        return { potId: ofPot(), from: 'donors', to: 'free', cents: event.data.amount.cents };
      case 'AmountReserved': {
        const { grantId, attempt, amount } = event.data;
        this.#reserved.set(`${grantId} ${attempt}`, amount.cents);
        return { potId: ofPot(), grantId, from: 'free', to: 'reserved', cents: amount.cents };
      }
      case 'ReservationReleased':
      case 'AwardConfirmed': {
        const { grantId, attempt } = event.data;
        const cents = this.#reserved.get(`${grantId} ${attempt}`) ?? 0;
        const to = event.type === 'AwardConfirmed' ? 'committed' : 'free';
        return { potId: ofPot(), grantId, from: 'reserved', to, cents };
      }
      case 'TranchePaid':
        return { ...ofGrant(), from: 'committed', to: 'paid', cents: event.data.amount.cents };
      case 'RepaymentReceived':
        return { ...ofGrant(), from: 'paid', to: 'returned', cents: event.data.principal.cents };
      case 'CommitmentReduced': {
        const { grantId, amount, cause } = event.data;
        const from = cause === 'returned' ? 'returned' : 'committed';
        return { potId: ofPot(), grantId, from, to: 'free', cents: amount.cents };
      }
      default:
        return undefined;
    }
  }
}

function balances(movements: readonly Movement[]): Balances {
  const cents = Object.fromEntries(accounts.map((account) => [account, 0])) as Record<Account, number>;
  for (const movement of movements) {
    cents[movement.from] -= movement.cents;
    cents[movement.to] += movement.cents;
  }
  return cents;
}

function addsUp(closing: Balances): boolean {
  const { donors, ...held } = closing;
  const cents = Object.values(held);
  return cents.every((one) => one >= 0 && Number.isSafeInteger(one)) && donors + cents.reduce((a, b) => a + b) === 0;
}
