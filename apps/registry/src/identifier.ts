/** The numbers under which organisations are registered: their forms, one spelling for each, and what makes them unique. */

import { regionKeyFault } from '@alliance/region-keys';

export const identifierSchemes = [
  'vereinsregister',
  'handelsregister',
  'wirtschafts-id',
  'stiftungsregister',
  'lei',
  'ags',
] as const;
export type IdentifierScheme = (typeof identifierSchemes)[number];

export interface Identifier {
  readonly scheme: IdentifierScheme;
  /**
   * Who keeps the register, for the registers of which there are many: the court's XJustiz code (`K1101`) or its name
   * without "Amtsgericht" (`Hamburg`); of a foundation register, its authority.
   */
  readonly court?: string;
  readonly number: string;
}

/** Why a text is no identifier of its scheme. */
export interface IdentifierFault {
  readonly reason: string;
}

const COURT_CODE = /^[A-Z]\d{4}[A-Z]?$/;
const FORMS: Record<IdentifierScheme, { ofMany: boolean; form: RegExp; example: string }> = {
  vereinsregister: { ofMany: true, form: /^(?:VR)?0*([1-9]\d{0,7})([A-Z]{0,2})$/, example: 'VR 12345' },
  // The same courts keep the register of cooperatives (GnR).
  handelsregister: { ofMany: true, form: /^(HRA|HRB|GNR)0*([1-9]\d{0,7})([A-Z]{0,2})$/, example: 'HRB 12345' },
  'wirtschafts-id': { ofMany: false, form: /^DE\d{9}(?:-\d{5})?$/, example: 'DE123456789-00001' },
  stiftungsregister: { ofMany: true, form: /^[A-Z0-9](?:[A-Z0-9./-]{0,39})$/, example: '1222.1-15/3' },
  lei: { ofMany: false, form: /^[A-Z0-9]{18}\d{2}$/, example: '529900T8BM49AURSDO55' },
  ags: { ofMany: false, form: /^(?:0[1-9]|1[0-6])\d{6}$/, example: '09162000' },
};

/** ISO 17442 takes its check digits from ISO 7064, MOD 97-10: letters count from A = 10, and the rest is 1. */
export function hasValidLeiCheckDigits(lei: string): boolean {
  let remainder = 0;
  for (const character of lei) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Letters of one spelling: without case, umlauts written out, other marks dropped. */
export function transliterate(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '');
}

function normaliseCourt(court: string): string {
  const text = court.normalize('NFC').trim().replace(/\s+/g, ' ');
  if (COURT_CODE.test(text.toUpperCase())) return text.toUpperCase();
  return text.replace(/^(?:Amtsgericht|Registergericht|AG)\s+/i, '');
}

function courtKey(court: string): string {
  return transliterate(court)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The identifier in its one spelling, or why it is none. */
export function normaliseIdentifier(given: Identifier): Identifier | IdentifierFault {
  const { ofMany, form, example } = FORMS[given.scheme];
  if (!ofMany && given.court !== undefined) return { reason: `a number of ${given.scheme} stands without a court` };
  const court = ofMany ? normaliseCourt(given.court ?? '') : undefined;
  if (court !== undefined && courtKey(court) === '') {
    return { reason: `a number of ${given.scheme} is unique only together with who keeps the register (court)` };
  }
  const number = given.number.toUpperCase().replace(/\s+/g, '');
  const match = form.exec(number);
  if (match === null) {
    const ofKey = given.scheme === 'ags' ? regionKeyFault(number) : undefined;
    return { reason: ofKey ?? `a number of ${given.scheme} looks like "${example}"` };
  }
  if (given.scheme === 'lei' && !hasValidLeiCheckDigits(number))
    return { reason: 'the check digits of the LEI are wrong' };
  return { scheme: given.scheme, ...(court !== undefined && { court }), number: spell(given.scheme, number, match) };
}

function spell(scheme: IdentifierScheme, number: string, match: RegExpExecArray): string {
  const suffix = (letters: string | undefined) => (letters ? ` ${letters}` : '');
  if (scheme === 'vereinsregister') return `VR ${match[1]}${suffix(match[2])}`;
  if (scheme === 'handelsregister') return `${match[1]} ${match[2]}${suffix(match[3])}`;
  return number;
}

export function isIdentifierFault(result: Identifier | IdentifierFault): result is IdentifierFault {
  return 'reason' in result;
}

/**
 * The key that only one admitted organisation may hold, also the id of the stream that guards it; of a normalised
 * identifier. The digits after the hyphen of a Wirtschafts-ID tell activities of one and the same body apart, so they
 * do not count.
 */
export function registrationKey({ scheme, court, number }: Identifier): string {
  const body = scheme === 'wirtschafts-id' ? number.slice(0, 11) : number.replace(/[^A-Za-z0-9]+/g, '.').toLowerCase();
  return [scheme, ...(court === undefined ? [] : [courtKey(court).slice(0, 120)]), body].join('-');
}

/** The identifier as org-id.guide writes German register numbers, where the court is given by its code. */
export function orgId({ scheme, court, number }: Identifier): string | undefined {
  if (scheme !== 'vereinsregister' && scheme !== 'handelsregister') return undefined;
  if (court === undefined || !COURT_CODE.test(court)) return undefined;
  return `DE-CR-${court}-${number.replaceAll(' ', '')}`;
}
