import type { Money } from '../money';

/** An organisation as the registry has told of it, after merges the surviving one. */
export interface NamedOrganisation {
  readonly id: string;
  readonly name: string;
  readonly identifiers: readonly { readonly scheme: string; readonly court?: string; readonly number: string }[];
}

/** A grant that was awarded, whatever became of it. Days are ISO days. */
export interface PublishedGrant {
  readonly grantId: string;
  readonly title: string;
  readonly summary: string;
  readonly awarded: Money;
  readonly disbursed: Money;
  readonly awardedOn: string;
  readonly projectFrom: string;
  readonly projectTo: string;
  readonly regionKeys: readonly string[];
  readonly recipient: NamedOrganisation;
}

export interface Funder {
  /** Of the lists at org-id.guide; it begins the ids that are given out, too. */
  readonly orgId: string;
  readonly name: string;
}

interface Organisation {
  readonly id: string;
  readonly name: string;
}

/** A grant in the words of the 360Giving Data Standard 1.4. Amounts are in major units. */
interface ThreeSixtyGrant {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly currency: string;
  readonly amountAwarded: number;
  readonly amountDisbursed: number;
  readonly awardDate: string;
  readonly plannedDates: readonly [{ readonly startDate: string; readonly endDate: string }];
  readonly fundingOrganization: readonly [Organisation];
  readonly recipientOrganization: readonly [Organisation];
  /** An extension: the standard's list of kinds of place codes has no AGS. */
  readonly ags: readonly string[];
}

export interface ThreeSixtyDocument {
  readonly version: '1.4';
  readonly grants: readonly ThreeSixtyGrant[];
}

/** The grants as one document. Its texts are freed of what looks like an e-mail address, which would name a person. */
export function threeSixty(grants: readonly PublishedGrant[], funder: Funder): ThreeSixtyDocument {
  return { version: '1.4', grants: grants.map((grant) => published(grant, funder)) };
}

function published(grant: PublishedGrant, funder: Funder): ThreeSixtyGrant {
  return {
    id: `${funder.orgId}-${grant.grantId}`,
    title: withoutAddresses(grant.title),
    description: withoutAddresses(grant.summary),
    currency: grant.awarded.currency,
    amountAwarded: majorUnits(grant.awarded),
    amountDisbursed: majorUnits(grant.disbursed),
    awardDate: grant.awardedOn,
    plannedDates: [{ startDate: grant.projectFrom, endDate: grant.projectTo }],
    fundingOrganization: [{ id: funder.orgId, name: funder.name }],
    recipientOrganization: [{ id: orgIdOf(grant.recipient, funder), name: withoutAddresses(grant.recipient.name) }],
    ags: grant.regionKeys,
  };
}

/**
 * `DE-CR-<code of the court>-<number>` only where the registry holds the court by its code (`RA000220`), `XI-LEI-…` where
 * it holds an LEI; else an id of the funder's own. One is never made up, for it would be somebody else's.
 */
function orgIdOf({ id, identifiers }: NamedOrganisation, funder: Funder): string {
  for (const { scheme, court, number } of identifiers) {
    if (scheme !== 'vereinsregister' && scheme !== 'handelsregister') continue;
    const plain = number.replaceAll(/\s/g, '');
    if (/^RA\d{6}$/.test(court ?? '') && /^[A-Z]{2,3}\d+[A-Z]*$/.test(plain)) return `DE-CR-${court}-${plain}`;
  }
  const lei = identifiers.find(({ scheme, number }) => scheme === 'lei' && /^[A-Z0-9]{18}\d{2}$/.test(number));
  return lei === undefined ? `${funder.orgId}-${id}` : `XI-LEI-${lei.number}`;
}

/** What a decimal number says exactly: up to fifteen digits. */
const mostCents = 999_999_999_999_999;

/** 1234.56 of 123,456 cents; as JSON it has these digits and no others. Throws on what a number cannot say exactly. */
function majorUnits({ cents }: Money): number {
  if (cents > mostCents) throw new Error(`${cents} cents are no exact number of major units.`);
  return cents / 100;
}

const address = /[^\s@<>()[\]",;:]+@[^\s@<>()[\]",;:]+/gu;

/** Whether it says something that looks like an e-mail address. */
export function namesAddress(text: string): boolean {
  return text.search(address) >= 0;
}

function withoutAddresses(text: string): string {
  return text.replaceAll(address, '[…]');
}
