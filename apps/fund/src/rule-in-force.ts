/** The value of a rule of law or finance, from a day on and until the next one. */
export interface Rule {
  readonly validFrom: string;
  readonly value: number;
}

/** Since when the alliance exists: no rule is asked for an earlier day. */
const beginning = '2022-01-01';
const RULE = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))=(\d{1,6})$/;

/**
 * Reads `2022-01-01=5, 2027-01-01=7`, in the order of time. `undefined` when something of it is no rule, two begin on one
 * day, or none holds from the beginning of the alliance on.
 */
export function readRules(text: string): readonly Rule[] | undefined {
  const rules = text.split(',').map((part): Rule | undefined => {
    const [, validFrom, value] = RULE.exec(part.trim()) ?? [];
    return validFrom === undefined ? undefined : { validFrom, value: Number(value) };
  });
  const read = rules.filter((rule) => rule !== undefined).sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const days = new Set(read.map(({ validFrom }) => validFrom));
  const [first] = read;
  if (first === undefined || first.validFrom > beginning || days.size < rules.length) return undefined;
  return read;
}

/** What holds on the day. Throws when nothing does, which `readRules` does not let come about. */
export function inForce(rules: readonly Rule[], on: string): number {
  const rule = rules.filter(({ validFrom }) => validFrom <= on).at(-1);
  if (rule === undefined) throw new Error(`No rule holds on ${on}.`);
  return rule.value;
}
