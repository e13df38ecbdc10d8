import { isDay } from '@alliance/calendar';
import { regionKeyFault } from '@alliance/region-keys';
import type { CsvRow, CsvTable, LineFault } from '../csv-table';
import {
  type Identifier,
  identifierSchemes,
  isIdentifierFault,
  normaliseIdentifier,
  registrationKey,
} from '../identifier';
import type { Application } from './organisation.decider';
import { organisationKinds } from './organisation.events';

export const organisationColumns = ['name', 'kind', 'operating_since'];
export const optionalOrganisationColumns = [
  'legal_form',
  'region_key',
  'scheme',
  'court',
  'number',
  'fields',
  'website',
  'street',
  'postcode',
  'city',
];

/** One row of a list of organisations: what it applies with, and the earlier row that has the same identifier. */
export interface ListedOrganisation {
  readonly line: number;
  readonly application: Application;
  readonly sameIdentifierAsLine?: number;
}

/** Reads the rows whose form is right; every other line has a fault. */
export function readOrganisationTable({ rows, faults: unreadable }: CsvTable): {
  readonly organisations: readonly ListedOrganisation[];
  readonly faults: readonly LineFault[];
} {
  const faults = [...unreadable];
  const organisations: ListedOrganisation[] = [];
  const lineOf = new Map<string, number>();
  for (const { row, line } of rows) {
    const reasons = faultsOf(row);
    faults.push(...reasons.map((reason) => ({ line, reason })));
    if (reasons.length > 0) continue;
    const application = applicationOf(row);
    const key = keyOf(application.facts.identifiers);
    const before = key === undefined ? undefined : lineOf.get(key);
    if (key !== undefined && before === undefined) lineOf.set(key, line);
    organisations.push({ line, application, ...(before !== undefined && { sameIdentifierAsLine: before }) });
  }
  return { organisations, faults: faults.sort((a, b) => a.line - b.line) };
}

function keyOf([identifier]: readonly Identifier[]): string | undefined {
  if (identifier === undefined) return undefined;
  const normalised = normaliseIdentifier(identifier);
  return isIdentifierFault(normalised) ? undefined : registrationKey(normalised);
}

const applicantKinds = [...organisationKinds, 'private-person'] as const;

function applicationOf(row: CsvRow): Application {
  const { name = '', operating_since = '', legal_form, region_key, court, number, fields, website } = row;
  const { street = '', postcode = '', city = '' } = row;
  const kind = applicantKinds.find((one) => one === row['kind']);
  const scheme = identifierSchemes.find((one) => one === row['scheme']);
  if (kind === undefined) throw new Error('The kind was not checked.');
  return {
    facts: {
      name: name.normalize('NFC'),
      kind,
      operatingSince: operating_since,
      ...(legal_form && { legalForm: legal_form }),
      ...(region_key && { regionKey: region_key }),
      identifiers: scheme && number ? [{ scheme, ...(court && { court }), number }] : [],
      fieldKeys: fields ? fields.split(/\s+/) : [],
      ...(website && { website }),
      ...(street && { address: { street, postcode, city } }),
    },
  };
}

function faultsOf(row: CsvRow): readonly string[] {
  const { name = '', operating_since = '', legal_form = '', region_key, court = '', fields, website = '' } = row;
  const { kind, scheme = '', number = '', street = '', postcode = '', city = '' } = row;
  const ofKey = region_key ? regionKeyFault(region_key) : undefined;
  const fieldKeys = fields ? fields.split(/\s+/) : [];
  const isSlug = (text: string) => /^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(text);
  const checks: readonly (readonly [boolean, string])[] = [
    [name.length >= 1 && name.length <= 200, 'name: 1 to 200 characters'],
    [applicantKinds.some((one) => one === kind), `kind: one of ${applicantKinds.join(', ')}`],
    [isDay(operating_since), 'operating_since: a day such as 2015-03-01'],
    [legal_form.length <= 60, 'legal_form: 60 characters at most'],
    [ofKey === undefined, `region_key: ${ofKey}`],
    [(scheme === '') === (number === ''), 'scheme and number: both or neither'],
    [
      scheme === '' || identifierSchemes.some((one) => one === scheme),
      `scheme: one of ${identifierSchemes.join(', ')}`,
    ],
    [number.length <= 40 && court.length <= 120, 'number: 40 characters at most; court: 120'],
    [fieldKeys.length <= 50 && fieldKeys.every(isSlug), 'fields: keys in kebab-case with a space between'],
    [website === '' || /^https?:\/\/\S{1,190}$/.test(website), 'website: an address that begins with https://'],
    [(street === '') === (postcode === '') && (street === '') === (city === ''), 'street, postcode, city: all or none'],
    [postcode === '' || /^\d{5}$/.test(postcode), 'postcode: five digits'],
    [street.length <= 120 && city.length <= 80, 'street: 120 characters at most; city: 80'],
  ];
  return checks.flatMap(([isRight, reason]) => (isRight ? [] : [reason]));
}
