import { regionLadder } from '@alliance/region-keys';
import { atMost, minus, type Money, sum } from '../money';
import type { Cover, Earmark } from './pot.events';

/** What a grant is for. */
export interface GrantScope {
  readonly fieldKeys: readonly string[];
  readonly regionKeys: readonly string[];
}

/** What is left of a contribution, and what it was given for. */
export interface FreePart {
  readonly contributionId: string;
  readonly free: Money;
  readonly receivedOn: string;
  readonly earmark?: Earmark;
}

/**
 * Which contributions the amount is taken from: those for the narrowest purpose first, the older first among equals, so
 * that what was given freely is left for others. `coverable` is what may be used for the grant where that is too little.
 * Deterministic; never touches what was given for something else.
 */
export function coverFor(
  amount: Money,
  grant: GrantScope,
  parts: readonly FreePart[],
): { readonly cover: Cover } | { readonly coverable: Money } {
  const usable = parts.filter(({ free, earmark }) => free.cents > 0 && allows(earmark, grant));
  const coverable = sum(
    usable.map(({ free }) => free),
    amount.currency,
  );
  if (!atMost(amount, coverable)) return { coverable };
  const cover: Cover = [];
  let missing = amount;
  for (const { contributionId, free } of usable.sort(narrowerThenOlder)) {
    if (missing.cents === 0) break;
    const taken = atMost(missing, free) ? missing : free;
    cover.push({ contributionId, amount: taken });
    missing = minus(missing, taken);
  }
  return { cover };
}

/** The cover without an amount of it, which goes back to what was taken from last first. */
export function giveBack(cover: Cover, amount: Money): Cover {
  const kept: Cover = [];
  let left = amount;
  for (const part of cover.toReversed()) {
    const back = atMost(left, part.amount) ? left : part.amount;
    left = minus(left, back);
    const rest = minus(part.amount, back);
    if (rest.cents > 0) kept.unshift({ ...part, amount: rest });
  }
  return kept;
}

function allows(earmark: Earmark | undefined, { fieldKeys, regionKeys }: GrantScope): boolean {
  const { fieldKeys: fields, regionKeys: regions } = earmark ?? {};
  const isWithin = (key: string) => regionLadder(key).some((around) => regions?.includes(around));
  return (
    (fields === undefined || fieldKeys.every((key) => fields.includes(key))) &&
    (regions === undefined || regionKeys.every(isWithin))
  );
}

function narrowerThenOlder(a: FreePart, b: FreePart): number {
  const dimensions = ({ earmark }: FreePart) => Object.keys(earmark ?? {}).length;
  return dimensions(b) - dimensions(a) || (a.receivedOn < b.receivedOn ? -1 : a.receivedOn > b.receivedOn ? 1 : 0);
}
