import { type Identifier, registrationKey } from '../identifier';
import type { OrganisationFacts } from '../organisation/organisation.events';
import { legalKindOf, type LegalKind, splitLegalForm } from './legal-form';
import { keyOf, nameWords, type NameWord } from './name-words';
import { fold, plain } from './spelling';

/** What of an organisation's facts tells it from others. */
export type ComparableFacts = Pick<OrganisationFacts, 'name'> &
  Partial<Pick<OrganisationFacts, 'legalForm' | 'regionKey' | 'website' | 'address'>> & {
    readonly identifiers?: readonly Identifier[];
  };

/** The same, in the one spelling in which organisations are compared. */
export interface Fingerprint {
  readonly name: string;
  readonly words: readonly NameWord[];
  readonly legalKind?: LegalKind;
  readonly registrations: readonly Registration[];
  /** Host of the website; with the first part of its path where many organisations share a host. */
  readonly domain?: string;
  readonly address?: {
    readonly postcode: string;
    readonly street: string;
    readonly city: string;
    readonly text: string;
  };
  readonly regionKey?: string;
  /** Words for the towns of its address and of the courts that keep its registers, as names are compared. */
  readonly places: readonly string[];
}

export interface Registration {
  /** Equal for equal identifiers. */
  readonly key: string;
  /** Who gives the numbers: scheme, and court where there are many. */
  readonly register: string;
  readonly scheme: Identifier['scheme'];
  readonly text: string;
}

export function fingerprintOf(facts: ComparableFacts): Fingerprint {
  const { name, legalForm, regionKey, identifiers = [], website, address } = facts;
  const legalKind =
    splitLegalForm(name).kind ??
    (legalForm === undefined ? undefined : legalKindOf(legalForm)) ??
    identifiers.map(legalKindIn).find((kind) => kind !== undefined);
  const domain = website === undefined ? undefined : domainOf(website);
  return {
    name,
    words: nameWords(name),
    ...(legalKind && { legalKind }),
    registrations: identifiers.map(registrationOf),
    ...(domain && { domain }),
    ...(address && {
      address: {
        postcode: address.postcode,
        street: streetKey(address.street),
        city: fold(address.city),
        text: `${address.street}, ${address.postcode} ${address.city}`,
      },
    }),
    ...(regionKey && { regionKey }),
    places: [...(address ? [address.city] : []), ...identifiers.flatMap(({ court = [] }) => court)].flatMap(placeWords),
  };
}

/** "Frankfurt am Main" is Frankfurt. */
function placeWords(town: string): readonly string[] {
  return nameWords(town)
    .slice(0, 1)
    .map(({ key }) => key);
}

/** What is entered in a register that only one kind of legal person is entered in. */
function legalKindIn({ scheme, number }: Identifier): LegalKind | undefined {
  if (scheme === 'vereinsregister') return 'association';
  if (scheme === 'stiftungsregister') return 'foundation';
  if (scheme === 'ags') return 'public-law';
  if (scheme !== 'handelsregister') return undefined;
  return number.startsWith('HRB') ? 'company' : number.startsWith('HRA') ? 'partnership' : 'cooperative';
}

function registrationOf(identifier: Identifier): Registration {
  const { scheme, court, number } = identifier;
  return {
    key: registrationKey(identifier),
    register: registrationKey({ scheme, court, number: '' }),
    scheme,
    text: [court, number].filter((part) => part !== undefined).join(' '),
  };
}

/** Hosts under which many have a page of their own. */
const SHARED_HOSTS =
  /(?:^|\.)(?:facebook|instagram|linkedin|betterplace|wixsite|wordpress|google|linktr|nebenan)\.[a-z.]+$/;

/** `undefined` for what is no address of a website. */
function domainOf(website: string): string | undefined {
  const [, host = '', path = ''] =
    /^(?:https?:\/\/)?([^/?#:@\s]+)(?::\d+)?(?:\/([^/?#\s]*))?/i.exec(website.trim()) ?? [];
  const domain = host
    .toLowerCase()
    .replace(/^www\d?\./, '')
    .replace(/\.$/, '');
  if (!domain.includes('.')) return undefined;
  return SHARED_HOSTS.test(domain) && path !== '' ? `${domain}/${path.toLowerCase()}` : domain;
}

/** Street and number in one spelling: Hauptstr. 5 a is Hauptstraße 5a. */
function streetKey(street: string): string {
  const spelt = plain(street)
    .replace(/str(?:asse|\.)?(?=[^\p{L}]|$)/gu, 'str')
    .replace(/(\d) *([a-z])(?![a-z])/g, '$1$2');
  return fold(spelt.replace(/[^\p{L}\p{N}]+/gu, ''));
}

/** A key that every organisation has, so that its frequency is their number. */
export const EVERY_ORGANISATION = 'every:';

/**
 * Under what the organisation is found, and what is counted to know how much it says to share it: a word of the name
 * stands as it is, everything else after its kind and a colon. Words stand with the seat as well, for a word that many
 * have finds few in one place.
 */
export function keysOf({ words, registrations, domain, address, regionKey }: Fingerprint): readonly string[] {
  return [
    ...new Set([
      EVERY_ORGANISATION,
      ...words.map(({ key }) => key),
      ...initialKeys(words),
      ...(words.length > 0 ? [nameKey(words), joinedKey(words)] : []),
      ...registrations.map(({ key }) => registrationKeyOf(key)),
      ...(domain ? [domainKey(domain)] : []),
      ...(address ? [addressKey(address)] : []),
      ...(regionKey ? [regionKeyOf(regionKey), ...words.map(({ key }) => `there:${regionKey} ${key}`)] : []),
    ]),
  ];
}

/** Those whose frequency weighs a likeness although only one of the two has them: what they share, both have. */
export function keysToWeigh({ words }: Fingerprint): readonly string[] {
  return [...words.map(({ key }) => key), nameKey(words)];
}

/** The name as a whole, in whatever order its words stand. */
export const nameKey = (words: readonly NameWord[]) =>
  `name:${words
    .map(({ key }) => key)
    .sort()
    .join(' ')}`;
/** The name as a whole, wherever it is divided into words. */
const joinedKey = (words: readonly NameWord[]) => `joined:${keyOf(words.map(({ text }) => text).join(''))}`;
const registrationKeyOf = (key: string) => `registration:${key}`;
export const domainKey = (domain: string) => `domain:${domain}`;
export const addressKey = ({ postcode, street }: { postcode: string; street: string }) =>
  `address:${postcode} ${street}`;
export const regionKeyOf = (key: string) => `region:${key}`;

/** What the beginning of a name may be known by: its initials, and for a name that has such a word, that word. */
function initialKeys(words: readonly NameWord[]): readonly string[] {
  const letters = words.map(({ text }) => plain(text)[0] ?? '');
  const initials = [3, 4, 5]
    .filter((count) => count <= letters.length)
    .map((count) => letters.slice(0, count).join(''));
  const short = words.filter(({ text }) => text.length >= 3 && text.length <= 5).map(({ text }) => text);
  return [...initials, ...short].map((one) => `initials:${keyOf(one)}`);
}
