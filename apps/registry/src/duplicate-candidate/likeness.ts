import { EVERY_ORGANISATION, addressKey, domainKey, type Fingerprint, nameKey, regionKeyOf } from './fingerprint';
import { commonShare } from './name-words';
import { compareNames, type NameComparison } from './name-comparison';
import { editsBetween } from './spelling';

/**
 * How likely two organisations are one and the same, after Fellegi and Sunter (A Theory for Record Linkage, 1969) with
 * weights by frequency: each thing they share or differ in weighs as many bits as it makes that more or less likely, the
 * rarer what they share, the more. The sum, beginning with how unlikely it is of any two, is the logarithm of the odds.
 */
export interface Likeness {
  /** 0 to 1: the probability that the weights of the reasons add up to. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export const reasonKinds = ['chance', 'name', 'identifier', 'website', 'address', 'seat', 'legal-form'] as const;

/** One term of the score. */
export interface Reason {
  readonly kind: (typeof reasonKinds)[number];
  /** In bits: +1 doubles the odds, -1 halves them. */
  readonly weight: number;
  readonly text: string;
}

/** How many organisations have each key; those that are asked about are among them. */
export type Frequencies = (key: string) => number;

/** As many organisations are imagined besides the real ones, so that in a small register common words are common too. */
const IMAGINED = 2000;

/** In bits. What experience, and the generated sets of the benchmarks, say of organisations that are registered twice. */
const WEIGHTS = {
  /** Beside one in as many as there are: few organisations are registered twice at all. */
  registeredTwice: -2,
  /** Outweighs whatever else there is. */
  sameIdentifier: 80,
  otherNumberInSameRegister: -18,
  slipInNumber: 2,
  otherRegister: -4,
  otherWebsite: -1.5,
  wholeName: 4,
  /** § 57 (2) BGB and § 30 HGB: names in one place have to differ clearly. */
  sameNameInSamePlace: 6,
  sameDistrict: 1,
  elsewhere: -4,
  otherLegalForm: -25,
  sameLegalForm: 0.5,
} as const;
const MOST = { word: 12, name: 19, website: 11, address: 10, seat: 4 } as const;
/** What more than a few share says little: the website of a federation, a house of many associations. */
const FEW = 4;
const SHARED_BY_MANY = 2;
/** Others imagined to share a website or a house with any two: federations, and houses of many associations. */
const SHARED_BY = { website: 2, address: 3, seat: 1, name: 0.1, word: 1 } as const;

/** The same whichever of the two stands first. */
export function likenessOf(one: Fingerprint, other: Fingerprint, frequencies: Frequencies): Likeness {
  const [a, b] = one.name <= other.name ? [one, other] : [other, one];
  const all = frequencies(EVERY_ORGANISATION) + IMAGINED;
  const rarity = (key: string, others: number) => Math.log2(all / (Math.max(0, frequencies(key) - 2) + others));
  const shared = (key: string, most: number, others: number) =>
    Math.min(frequencies(key) > FEW ? SHARED_BY_MANY : most, rarity(key, others));
  const name = compareNames(a.words, b.words, {
    rarity: (key) => Math.min(MOST.word, rarity(key, IMAGINED * commonShare(key) + SHARED_BY.word)),
    count: frequencies,
  });
  const sameName = name.only.length === 0;
  // Where nobody else has the name it says more than its words; where many have it, less.
  const expected = all * 2 ** -(name.weight + WEIGHTS.wholeName);
  const wholeName = Math.min(...[a, b].map(({ words }) => rarity(nameKey(words), expected)));
  const legalForm = ofLegalForms(a, b);
  const terms: (Reason | undefined)[] = [
    {
      kind: 'chance',
      weight: WEIGHTS.registeredTwice - Math.log2(all),
      text: 'Of all organisations hardly two are the same.',
    },
    { kind: 'name', weight: Math.min(MOST.name, sameName ? wholeName : name.weight), text: ofNames(name) },
    ofIdentifiers(a, b),
    ofWebsites(a, b, (domain) => shared(domainKey(domain), MOST.website, SHARED_BY.website)),
    ofAddresses(a, b, (address) => shared(addressKey(address), MOST.address, SHARED_BY.address)) ??
      ofSeats(a, b, (region) => Math.min(MOST.seat, rarity(regionKeyOf(region), SHARED_BY.seat))),
    sameName && (inOnePlace(a, b) || bothSayTheirPlace(a, b)) && legalForm?.weight !== WEIGHTS.otherLegalForm
      ? { kind: 'seat', weight: WEIGHTS.sameNameInSamePlace, text: 'In one place no two may have the same name.' }
      : undefined,
    legalForm,
  ];
  const reasons = terms.filter((term) => term !== undefined).map((term) => ({ ...term, weight: rounded(term.weight) }));
  const bits = reasons.reduce((sum, { weight }) => sum + weight, 0);
  return { score: Math.round(1000 / (1 + 2 ** -bits)) / 1000, reasons };
}

function rounded(bits: number): number {
  return Math.round(bits * 10) / 10;
}

function ofNames({ shared, only }: NameComparison): string {
  const quoted = (words: string) => `"${words}"`;
  const texts = shared.map(({ a, b }) => (a === b ? quoted(a) : [a, b].map(quoted).join(' as ')));
  const both = shared.length > 0 ? `Both names have ${texts.join(', ')}` : 'The names share no word';
  return only.length > 0 ? `${both}; only one has ${only.map(quoted).join(', ')}.` : `${both}.`;
}

function ofIdentifiers(a: Fingerprint, b: Fingerprint): Reason | undefined {
  const found: Reason[] = [];
  for (const one of a.registrations) {
    for (const other of b.registrations) {
      if (one.scheme !== other.scheme) continue;
      const texts = [one.text, other.text].sort();
      const reason = (weight: number, text: string) => found.push({ kind: 'identifier', weight, text });
      if (one.key === other.key) {
        reason(WEIGHTS.sameIdentifier, `Both are registered as ${one.text}.`);
      } else if (one.register !== other.register) {
        reason(WEIGHTS.otherRegister, `They are registered with different authorities: ${texts.join(' and ')}.`);
      } else if (isSlip(one.key, other.key)) {
        reason(WEIGHTS.slipInNumber, `Their numbers in one register differ by a slip: ${texts.join(' and ')}.`);
      } else {
        reason(
          WEIGHTS.otherNumberInSameRegister,
          `They have different numbers in one register: ${texts.join(' and ')}.`,
        );
      }
    }
  }
  return found.sort((x, y) => y.weight - x.weight)[0];
}

/** Keys of one register that differ in one digit, or in two that are swapped. */
function isSlip(a: string, b: string): boolean {
  const digitsOf = (key: string) =>
    key.slice(key.lastIndexOf('-') + 1).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  return editsBetween(`number${digitsOf(a)}`, `number${digitsOf(b)}`) === 1;
}

function ofWebsites(a: Fingerprint, b: Fingerprint, rarity: (domain: string) => number): Reason | undefined {
  if (a.domain === undefined || b.domain === undefined) return undefined;
  if (a.domain === b.domain)
    return { kind: 'website', weight: rarity(a.domain), text: `Both have the website ${a.domain}.` };
  const domains = [a.domain, b.domain].sort().join(' and ');
  return { kind: 'website', weight: WEIGHTS.otherWebsite, text: `They have different websites: ${domains}.` };
}

type Address = NonNullable<Fingerprint['address']>;

/** `undefined` where the addresses say nothing, or no more than that they are different. */
function ofAddresses(a: Fingerprint, b: Fingerprint, rarity: (address: Address) => number): Reason | undefined {
  if (a.address === undefined || b.address === undefined) return undefined;
  if (addressKey(a.address) !== addressKey(b.address)) return undefined;
  const [text] = [a.address.text, b.address.text].sort();
  return { kind: 'address', weight: rarity(a.address), text: `Both are at ${text}.` };
}

function inOnePlace(a: Fingerprint, b: Fingerprint): boolean {
  if (a.regionKey !== undefined && b.regionKey !== undefined) return a.regionKey === b.regionKey;
  return a.address !== undefined && a.address.city === b.address?.city;
}

/** Whether both names say the same town, and it is that of one of them: the other has moved, or says no more of its seat. */
function bothSayTheirPlace(a: Fingerprint, b: Fingerprint): boolean {
  const says = ({ words }: Fingerprint, place: string) => words.some(({ key }) => key === place);
  return [...a.places, ...b.places].some((place) => says(a, place) && says(b, place));
}

/** Of a region key: Land and Kreis; of a postcode: its zone. */
const DISTRICT_DIGITS = { regionKey: 5, postcode: 2 } as const;

/** By the region of the seat; by the postcode where one of them does not say it. */
function ofSeats(a: Fingerprint, b: Fingerprint, rarity: (region: string) => number): Reason | undefined {
  const byRegion = a.regionKey !== undefined && b.regionKey !== undefined;
  const keys = (byRegion ? [a.regionKey, b.regionKey] : [a.address?.postcode, b.address?.postcode])
    .filter((key) => key !== undefined)
    .sort();
  const [one, other] = keys;
  if (one === undefined || other === undefined) return undefined;
  if (one === other) {
    return { kind: 'seat', weight: byRegion ? rarity(one) : MOST.seat, text: `Both have their seat in ${one}.` };
  }
  const digits = byRegion ? DISTRICT_DIGITS.regionKey : DISTRICT_DIGITS.postcode;
  if (!byRegion && inOnePlace(a, b)) {
    return {
      kind: 'seat',
      weight: MOST.seat,
      text: `Both have their seat in ${a.address?.text.replace(/^.*\d{5} /, '')}.`,
    };
  }
  const near = one.slice(0, digits) === other.slice(0, digits);
  return near
    ? {
        kind: 'seat',
        weight: WEIGHTS.sameDistrict,
        text: `Both have their seat in one district: ${keys.join(' and ')}.`,
      }
    : { kind: 'seat', weight: WEIGHTS.elsewhere, text: `They have their seats in ${keys.join(' and ')}.` };
}

function ofLegalForms(a: Fingerprint, b: Fingerprint): Reason | undefined {
  if (a.legalKind === undefined || b.legalKind === undefined) return undefined;
  return a.legalKind === b.legalKind
    ? { kind: 'legal-form', weight: WEIGHTS.sameLegalForm, text: `Both are of one legal form: ${a.legalKind}.` }
    : {
        kind: 'legal-form',
        weight: WEIGHTS.otherLegalForm,
        text: `They are of different legal forms: ${[a.legalKind, b.legalKind].sort().join(' and ')}.`,
      };
}
