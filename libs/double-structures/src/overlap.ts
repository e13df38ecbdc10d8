import { regionLadder } from '@alliance/region-keys';
import { FieldSuccession } from './field-succession';

/** What a structure is for, and what two are compared by. */
export interface Scope {
  /** Keys of fields of action, at least one. */
  readonly fieldKeys: readonly string[];
  /** AGS, at least one; each stands for all beneath it. */
  readonly regionKeys: readonly string[];
  /** Keys in kebab-case, at least one; `everyone` is whoever comes. */
  readonly targetGroups: readonly string[];
  /** A key in kebab-case. */
  readonly service: string;
}

/** One factor of an overlap: 0 (nothing in common) to 1 (the same), to three decimals, and why in words. */
export interface Term {
  readonly score: number;
  readonly reason: string;
}

export const termNames = ['field', 'region', 'targetGroup', 'service'] as const;
export type TermName = (typeof termNames)[number];

/** How far two scopes are the same: the product of the terms, to three decimals. */
export interface Overlap {
  readonly score: number;
  readonly terms: Readonly<Record<TermName, Term>>;
}

/** Whoever comes: contains every target group. */
const EVERYONE = 'everyone';

/**
 * How much an existing scope overlaps with the proposed one. Both count alike: exchanged they give the same scores.
 *
 * - field, targetGroup: what they have in common, of what the narrower one has. Naming more does not lower it. Fields
 *   that others have followed count as those.
 * - region: 1 / (1 + steps of the ladder) for the closest pair of which one contains the other: the same 1, a Kreis and
 *   its Gemeinde 1/2. Wherever they meet they are double, however far one reaches besides.
 * - targetGroup: everyone and a certain group are one step apart as well, 1/2.
 * - service: the words that they have in common, of all their words (Dice).
 *
 * `fields` says which fields have followed which, `nameOf` gives a region's name for the reasons.
 */
export function overlapWith(
  proposed: Scope,
  fields = new FieldSuccession([]),
  nameOf: (regionKey: string) => string | undefined = () => undefined,
): (existing: Scope) => Overlap {
  const region = regionTerm(proposed.regionKeys, nameOf);
  return (existing) => {
    const terms = {
      field: fieldTerm(proposed.fieldKeys, existing.fieldKeys, fields),
      region: region(existing.regionKeys),
      targetGroup: targetGroupTerm(proposed.targetGroups, existing.targetGroups),
      service: serviceTerm(proposed.service, existing.service),
    };
    return { score: rounded(termNames.reduce((product, name) => product * terms[name].score, 1)), terms };
  };
}

function fieldTerm(proposed: readonly string[], existing: readonly string[], fields: FieldSuccession): Term {
  const [ours, theirs] = [fields.presentKeys(proposed), fields.presentKeys(existing)];
  const { score, reason } = shareTerm(ours, theirs, 'field of action', 'fields of action');
  const common = new Set(ours.filter((key) => theirs.includes(key)));
  const steps = fields.stepsTo(common, [...proposed, ...existing]);
  return { score, reason: steps.length === 0 ? reason : `${reason} (${steps.join('; ')})` };
}

function shareTerm(proposed: readonly string[], existing: readonly string[], one: string, many: string): Term {
  const ours = new Set(proposed);
  const theirs = new Set(existing);
  const common = [...ours].filter((key) => theirs.has(key));
  const narrower = Math.min(ours.size, theirs.size);
  if (common.length === 0) return { score: 0, reason: `no ${one} in common` };
  const all = common.length === narrower;
  const reason = all
    ? `the same ${narrower === 1 ? one : many}: ${common.join(', ')}`
    : `${common.length} of ${narrower} ${many} in common: ${common.join(', ')}`;
  return { score: rounded(common.length / narrower), reason };
}

function targetGroupTerm(proposed: readonly string[], existing: readonly string[]): Term {
  const [ours, theirs] = [proposed.includes(EVERYONE), existing.includes(EVERYONE)];
  if (ours && theirs) return { score: 1, reason: 'both are for everyone' };
  if (ours || theirs) {
    const groups = (ours ? existing : proposed).join(', ');
    return { score: 0.5, reason: `one is for everyone, the other for ${groups} among them` };
  }
  return shareTerm(proposed, existing, 'target group', 'target groups');
}

function serviceTerm(proposed: string, existing: string): Term {
  if (proposed === existing) return { score: 1, reason: `the same service: ${existing}` };
  const ours = new Set(proposed.split('-'));
  const theirs = new Set(existing.split('-'));
  const common = [...ours].filter((word) => theirs.has(word));
  const reason =
    common.length === 0
      ? `${proposed} and ${existing} have no word in common`
      : `${proposed} and ${existing} have in common: ${common.join(', ')}`;
  return { score: rounded((2 * common.length) / (ours.size + theirs.size)), reason };
}

interface Meeting {
  readonly inner: string;
  readonly outer: string;
  readonly steps: number;
}

function regionTerm(
  proposed: readonly string[],
  nameOf: (regionKey: string) => string | undefined,
): (existing: readonly string[]) => Term {
  const ours = new Set(proposed);
  /** Of each region that contains one of the proposed, the nearest of those. */
  const above = new Map<string, Meeting>();
  for (const inner of ours) {
    for (const [steps, outer] of regionLadder(inner).entries()) {
      if (steps < (above.get(outer)?.steps ?? Infinity)) above.set(outer, { inner, outer, steps });
    }
  }
  return (existing) => {
    const meetings = existing.flatMap((key) => {
      const containing = above.get(key);
      const containers = [...regionLadder(key).entries()].filter(([, outer]) => ours.has(outer));
      const contained = containers.map(([steps, outer]) => ({ inner: key, outer, steps }));
      return containing === undefined ? contained : [containing, ...contained];
    });
    const [first, ...others] = meetings;
    if (first === undefined) return { score: 0, reason: 'no region in common' };
    const { inner, outer, steps } = others.reduce((best, one) => (one.steps < best.steps ? one : best), first);
    const named = (key: string) => `${nameOf(key) ?? 'the region'} (${key})`;
    const reason =
      steps === 0
        ? `the same region: ${named(inner)}`
        : `${named(inner)} lies within ${named(outer)}, ${steps} step${steps === 1 ? '' : 's'} up`;
    return { score: rounded(1 / (1 + steps)), reason };
  };
}

function rounded(score: number): number {
  return Math.round(score * 1000) / 1000;
}
