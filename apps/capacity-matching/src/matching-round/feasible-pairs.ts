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
    return this.candidates(one).filter((at) => meetsHardRules(offers[at] as OfferInput, one, settings.today));
  }

  /** Offers that a need would have but for one hard rule, in their order, and `most` of them. */
  nearMisses(need: number, most: number): readonly NearMiss[] {
    const { offers, needs, settings } = this.inputs;
    const one = needs[need] as NeedInput;
    const around = [
      ...this.candidates(one),
      ...one.facts.fieldKeys.flatMap((field) => (this.byField.get(field) ?? []).slice(0, MOST_LOOKED_AT)),
      ...placesOf(one).flatMap((place) => (this.byRegion.get(place) ?? []).slice(0, MOST_LOOKED_AT)),
    ];
    const found: NearMiss[] = [];
    for (const at of inOrder(around)) {
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

  private candidates(need: NeedInput): readonly number[] {
    const places = placesOf(need);
    const found = need.facts.fieldKeys.flatMap((field) => {
      const byRegion = this.byFieldAndRegion.get(field);
      return byRegion === undefined ? [] : places.flatMap((place) => byRegion.get(place) ?? []);
    });
    return inOrder(found);
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

/** Each once. */
function inOrder(places: readonly number[]): readonly number[] {
  return [...new Set(places)].sort((a, b) => a - b);
}
