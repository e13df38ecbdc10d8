import { type Money, minus, sum } from '../money';

/** A line of the financing plan, or what was spent on it. */
interface Planned {
  readonly key: string;
  readonly total: Money;
}
interface Spent {
  readonly key: string;
  readonly spent: Money;
}

export interface ProvenLine {
  readonly key: string;
  readonly planned: Money;
  readonly spent: Money;
  /** How much more than planned was spent. */
  readonly over: Money;
  /** Of it, how much is within the tolerance. */
  readonly allowedOver: Money;
}

export interface NumericalProof {
  readonly lines: readonly ProvenLine[];
  /** Of all lines, also what is not allowed. */
  readonly spent: Money;
  /** What the plan does not carry. It is for a human to decide on. */
  readonly disallowed: Money;
  /** Keys of lines that the plan does not know; nothing of what was spent on them is allowed. */
  readonly unplanned: readonly string[];
}

/**
 * Numerical proof of use (zahlenmäßiger Nachweis) along the financing plan, which binds in total: a line may be exceeded by
 * so many hundredths of itself, rounded down to the cent, as far as others were spent less on (the 20 % rule of ANBest-P
 * 1.2). Lines of one key, of several periods, are one. What the others make up for is given out in the plan's order.
 */
export function numericalProof(
  plan: readonly Planned[],
  lines: readonly Spent[],
  tolerancePercent: number,
): NumericalProof {
  const currency = plan[0]?.total.currency ?? lines[0]?.spent.currency ?? 'EUR';
  const none: Money = { cents: 0, currency };
  const keys = [...new Set([...plan, ...lines].map(({ key }) => key))];
  const compared = keys.map((key) => {
    const planned = sum(
      plan.filter((line) => line.key === key).map(({ total }) => total),
      currency,
    );
    const spent = sum(
      lines.filter((line) => line.key === key).map((line) => line.spent),
      currency,
    );
    return { key, planned, spent };
  });
  let unused = sum(
    compared.map(({ planned, spent }) => excess(planned, spent)),
    currency,
  );
  const proven = compared.map(({ key, planned, spent }): ProvenLine => {
    const over = excess(spent, planned);
    const tolerated: Money = { cents: Number((BigInt(planned.cents) * BigInt(tolerancePercent)) / 100n), currency };
    const allowedOver = least(over, tolerated, unused);
    unused = minus(unused, allowedOver);
    return { key, planned, spent, over, allowedOver };
  });
  return {
    lines: proven,
    spent: sum(
      proven.map(({ spent }) => spent),
      currency,
    ),
    disallowed: sum(
      proven.map(({ over, allowedOver }) => minus(over, allowedOver)),
      currency,
    ),
    unplanned: keys.filter((key) => plan.every((line) => line.key !== key)),
  };

  function excess(of: Money, above: Money): Money {
    return of.cents > above.cents ? minus(of, above) : none;
  }
}

function least(...amounts: readonly [Money, ...Money[]]): Money {
  return amounts.reduce((a, b) => (b.cents < a.cents ? b : a));
}
