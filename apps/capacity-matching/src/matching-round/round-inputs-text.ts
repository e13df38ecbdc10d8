import { canonicalJson } from './canonical-json';
import type { NeedInput, OfferInput, RoundInputs } from './round-inputs';

/** Inputs in their canonical form, of which a round keeps the digest. */
export function textOfInputs(inputs: RoundInputs): string {
  return canonicalJson(inputs);
}

/** The inputs that have this canonical form. */
export function inputsOf(text: string): RoundInputs {
  const { offers, ...others } = JSON.parse(text) as InputsAsJson;
  return {
    ...others,
    offers: offers.map(({ qualifications, free, ...offer }) => ({
      ...{ ...offer, qualifications: new Map(Object.entries(qualifications)) },
      free: new Map(Object.entries(free)),
    })),
  };
}

/** Maps are objects in it. */
interface InputsAsJson extends Omit<RoundInputs, 'offers'> {
  readonly needs: readonly NeedInput[];
  readonly offers: readonly (Omit<OfferInput, 'qualifications' | 'free'> & {
    readonly qualifications: Readonly<Record<string, string>>;
    readonly free: Readonly<Record<string, number>>;
  })[];
}
