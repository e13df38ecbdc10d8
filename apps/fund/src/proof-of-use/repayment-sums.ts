import { type Currency, type Money, minus, sum } from '../money';
import { interestOn } from './interest';
import type { AwardedProof, Demand } from './proof-state';

/** Where a demand stands on a day. */
export interface DemandSums {
  readonly principalReceived: Money;
  readonly principalOpen: Money;
  /** By that day, on whatever was or still is late. */
  readonly interestAccrued: Money;
  readonly interestReceived: Money;
  readonly interestOpen: Money;
}

/** What was paid bears interest until its day, the rest until the day that is asked for. */
export function demandSums(
  { principal, dueOn, interest: rates, received }: Pick<Demand, 'principal' | 'dueOn' | 'interest' | 'received'>,
  on: string,
): DemandSums {
  const { currency } = principal;
  const total = (amounts: readonly Money[]) => sum(amounts, currency);
  const principalReceived = total(received.map((one) => one.principal));
  const principalOpen = minus(principal, principalReceived);
  const interestAccrued = total([
    ...received.map((one) => interestOn(one.principal, dueOn, one.receivedOn, rates)),
    interestOn(principalOpen, dueOn, on, rates),
  ]);
  const interestReceived = total(received.map(({ interest }) => interest));
  const interestOpen = atLeastNothing(interestAccrued, interestReceived, currency);
  return { principalReceived, principalOpen, interestAccrued, interestReceived, interestOpen };
}

/** Of what was paid out, how much may still be demanded back: less what has come back and what is demanded already. */
export function demandable({ disbursed, demands }: Pick<AwardedProof, 'disbursed' | 'demands'>): Money {
  const demanded = [...demands.values()].map(({ principal }) => principal);
  return minus(disbursed, sum(demanded, disbursed.currency));
}

/** Of what was paid out, what the accepted final report shows no use of; `undefined` until there is one. */
export function unspent({ disbursed, reports }: Pick<AwardedProof, 'disbursed' | 'reports'>): Money | undefined {
  const accepted = [...reports.values()].find(({ kind, stage }) => kind === 'final' && stage === 'accepted')?.accepted;
  return accepted && atLeastNothing(disbursed, accepted.spent, disbursed.currency);
}

function atLeastNothing(of: Money, less: Money, currency: Currency): Money {
  return of.cents > less.cents ? minus(of, less) : { cents: 0, currency };
}
