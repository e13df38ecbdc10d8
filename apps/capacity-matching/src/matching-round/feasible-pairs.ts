import {
  type HardRule,
  hardRules,
  meetsHardRules,
  onlyHardRuleFault,
  placesAround,
  unmetHardRules,
} from '../feasibility';
import type { NeedInput, OfferInput, RoundInputs } from './round-inputs';

/** An offer that would fit a need but for one hard rule. */
export interface NearMiss {
  readonly offerId: string;
  readonly rule: HardRule;
  /** In words. */
  readonly change: string;
}

/**
 * Who can help whom. Offers are found by the field and the region (or from afar) that a need asks for, so that only those
 * are looked at that have both; then the other hard rules decide.
 */
export class FeasiblePairs {
  private readonly byFieldAndRegion = new Map<string, Map<string, number[]>>();
  private readonly byField = new Map<string, number[]>();
  private readonly byRegion = new Map<string, number[]>();

  constructor(private readonly inputs: RoundInputs) {
    inputs.offers.forEach(({ facts }, at) => {
      const regions = [...facts.regionKeys, ...(facts.isRemotePossible ? [REMOTE] : [])];
      for (const field of facts.fieldKeys) {
        push(this.byField, field, at);
        const byRegion = this.byFieldAndRegion.get(field) ?? new Map<string, number[]>();
        for (const region of regions) push(byRegion, region, at);
        this.byFieldAndRegion.set(field, byRegion);
      }
      for (const region of regions) push(this.byRegion, region, at);
    });
  }

  /** Of a need, the offers that may help it, in their order. */
  of(need: number): readonly number[] {
    const { offers, needs, settings } = this.inputs;
    const one = needs[need] as NeedInput;
    const candidates = [...merged(this.candidateLists(one))];
    return candidates.filter((at) => meetsHardRules(offers[at] as OfferInput, one, settings.today));
  }

  /** Offers that a need would have but for one hard rule, in their order, and `most` of them. */
  nearMisses(need: number, most: number): readonly NearMiss[] {
    const { offers, needs, settings } = this.inputs;
    const one = needs[need] as NeedInput;
    const some = (offers: readonly number[] | undefined) => offers?.slice(0, MOST_LOOKED_AT) ?? [];
    const around = [
      ...this.candidateLists(one),
      ...one.facts.fieldKeys.map((field) => some(this.byField.get(field))),
      ...placesOf(one).map((place) => some(this.byRegion.get(place))),
    ];
    const found: NearMiss[] = [];
    for (const at of merged(around)) {
      const offer = offers[at] as OfferInput;
      const fault = onlyHardRuleFault(offer, one, settings.today);
      if (fault?.change !== undefined) found.push({ offerId: offer.id, rule: fault.rule, change: fault.change });
      if (found.length === most) break;
    }
    return found;
  }

  /**
   * Of a need that nobody may help, the hard rule that leaves out most offers of its fields, the first of `hardRules` where
   * several do; `undefined` where there are no such offers.
   */
  ruleThatLeavesOutMost(need: number): HardRule | undefined {
    const { offers, needs, settings } = this.inputs;
    const one = needs[need] as NeedInput;
    const inField = new Set(
      one.facts.fieldKeys.flatMap((field) => (this.byField.get(field) ?? []).slice(0, MOST_LOOKED_AT)),
    );
    const unmet = [...inField].flatMap((at) => unmetHardRules(offers[at] as OfferInput, one, settings.today));
    const countOf = (rule: HardRule) => unmet.filter((one) => one === rule).length;
    return unmet.length === 0 ? undefined : hardRules.reduce((a, b) => (countOf(b) > countOf(a) ? b : a));
  }

  /** Each in the order of offers. */
  private candidateLists(need: NeedInput): readonly (readonly number[])[] {
    const places = placesOf(need);
    return need.facts.fieldKeys.flatMap((field) => {
      const byRegion = this.byFieldAndRegion.get(field);
      return byRegion === undefined ? [] : places.map((place) => byRegion.get(place) ?? []);
    });
  }
}

/** Stands for the place of whoever helps from afar. */
const REMOTE = 'remote';
/** Of an unserved need, so many offers of its field, and of each of its places, are asked for what they lack. */
const MOST_LOOKED_AT = 50;

function placesOf({ facts }: NeedInput): readonly string[] {
  return [...placesAround(facts), ...(facts.isRemotePossible ? [REMOTE] : [])];
}

function push(index: Map<string, number[]>, key: string, at: number): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [at]);
  else list.push(at);
}

/** What is in any of these lists, each of which ascends: ascending, and each once. */
function* merged(lists: readonly (readonly number[])[]): Generator<number, void> {
  const next = lists.map(() => 0);
  for (;;) {
    let least = Infinity;
    for (let at = 0; at < lists.length; at += 1) least = Math.min(least, headOf(lists, next, at));
    if (least === Infinity) return;
    yield least;
    for (let at = 0; at < lists.length; at += 1) {
      if (headOf(lists, next, at) === least) next[at] = (next[at] as number) + 1;
    }
  }
}

function headOf(lists: readonly (readonly number[])[], next: readonly number[], at: number): number {
  return lists[at]?.[next[at] as number] ?? Infinity;
}
