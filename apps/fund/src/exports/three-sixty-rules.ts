import { isDay } from '@alliance/calendar';
import type { Funder } from './three-sixty';
import { namesAddress } from './three-sixty';

/** What a document of the 360Giving Data Standard must not have, and where it has it: `grants[3].awardDate`. */
export interface ThreeSixtyFault {
  readonly field: string;
  readonly reason: string;
  readonly expected: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string' && value.trim() !== '';
const isAmount: Check = (value) => typeof value === 'number' && /^\d{1,13}(\.\d{1,2})?$/.test(String(value));
const isIsoDay: Check = (value) => typeof value === 'string' && isDay(value);

/** Each required field of a grant, and what it has to be (360Giving 1.4; optional ones that are given out included). */
const fields: Readonly<Record<string, readonly [Check, string]>> = {
  id: [isText, 'a text that is not empty'],
  title: [isText, 'a text that is not empty'],
  description: [isText, 'a text that is not empty'],
  currency: [(value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value), 'three capitals by ISO 4217'],
  amountAwarded: [isAmount, 'a number of major units with two decimals at most, not negative'],
  amountDisbursed: [isAmount, 'a number of major units with two decimals at most, not negative'],
  awardDate: [isIsoDay, 'a day that exists, YYYY-MM-DD'],
};

/**
 * Holds a document against the rules of the published schema (required fields, forms, exactly one kind of recipient) and
 * of the standard's tests of quality (unique ids, ids by known lists, nothing that looks like an e-mail address). Asked of
 * every document before it is given out. Own ids begin with that of the funder.
 */
export function threeSixtyFaults(document: unknown, funder: Pick<Funder, 'orgId'>): readonly ThreeSixtyFault[] {
  if (!isObject(document) || document.version !== '1.4' || !Array.isArray(document.grants)) {
    return [{ field: 'version', reason: 'unknown', expected: 'version 1.4 and a list of grants' }];
  }
  const grants: readonly unknown[] = document.grants;
  const seen = new Set<unknown>();
  return grants.flatMap((grant, index) => {
    const at = `grants[${index}]`;
    if (!isObject(grant)) return [{ field: at, reason: 'not an object', expected: 'a grant' }];
    const repeated = seen.has(grant.id);
    seen.add(grant.id);
    return [
      ...fieldFaults(grant, at),
      ...(repeated ? [{ field: `${at}.id`, reason: 'repeated', expected: 'an id of its own' }] : []),
      ...idFaults(grant.id, `${at}.id`, funder),
      ...organisationFaults(grant, at, 'fundingOrganization', funder),
      ...organisationFaults(grant, at, 'recipientOrganization', funder),
      ...('recipientIndividual' in grant
        ? [{ field: `${at}.recipientIndividual`, reason: 'a private person', expected: 'recipientOrganization only' }]
        : []),
      ...plannedFaults(grant, at),
      ...amountFaults(grant, at),
      ...addressFaults(grant, at),
    ];
  });
}

function fieldFaults(grant: Fields, at: string): readonly ThreeSixtyFault[] {
  return Object.entries(fields).flatMap(([name, [holds, expected]]) => {
    const value = grant[name];
    if (holds(value)) return [];
    return [{ field: `${at}.${name}`, reason: value === undefined ? 'missing' : 'malformed', expected }];
  });
}

/** Of a known list, or the funder's own. */
function idFaults(id: unknown, field: string, { orgId }: Pick<Funder, 'orgId'>): readonly ThreeSixtyFault[] {
  const known = [/^DE-CR-RA\d{6}-[A-Z]{2,3}\d+[A-Z]*$/, /^XI-LEI-[A-Z0-9]{18}\d{2}$/];
  if (typeof id === 'string') {
    if (id === orgId || id.startsWith(`${orgId}-`) || known.some((form) => form.test(id))) return [];
  }
  const expected = `DE-CR-<court>-<number>, XI-LEI-<LEI>, or an id that begins with ${orgId}`;
  return [{ field, reason: 'of no known list', expected }];
}

function organisationFaults(
  grant: Fields,
  at: string,
  name: 'fundingOrganization' | 'recipientOrganization',
  funder: Pick<Funder, 'orgId'>,
): readonly ThreeSixtyFault[] {
  const value = grant[name];
  const field = `${at}.${name}`;
  if (!Array.isArray(value) || value.length === 0) {
    return [{ field, reason: 'missing', expected: 'one organisation at least, with id and name' }];
  }
  return (value as readonly unknown[]).flatMap((one, index) => {
    if (!isObject(one)) return [{ field: `${field}[${index}]`, reason: 'not an object', expected: 'id and name' }];
    return [
      ...idFaults(one.id, `${field}[${index}].id`, funder),
      ...(isText(one.name)
        ? []
        : [{ field: `${field}[${index}].name`, reason: 'missing', expected: 'a text that is not empty' }]),
    ];
  });
}

function plannedFaults({ plannedDates }: Fields, at: string): readonly ThreeSixtyFault[] {
  if (plannedDates === undefined) return [];
  const field = `${at}.plannedDates`;
  const expected = 'days that exist, YYYY-MM-DD, the first not after the last';
  const isPeriod = (one: unknown) =>
    isObject(one) && isIsoDay(one.startDate) && isIsoDay(one.endDate) && String(one.startDate) <= String(one.endDate);
  return Array.isArray(plannedDates) && plannedDates.every(isPeriod) ? [] : [{ field, reason: 'malformed', expected }];
}

function amountFaults({ amountAwarded, amountDisbursed }: Fields, at: string): readonly ThreeSixtyFault[] {
  if (!isAmount(amountAwarded) || !isAmount(amountDisbursed) || Number(amountDisbursed) <= Number(amountAwarded)) {
    return [];
  }
  return [{ field: `${at}.amountDisbursed`, reason: 'more than was awarded', expected: 'amountAwarded at most' }];
}

function addressFaults(value: unknown, at: string): readonly ThreeSixtyFault[] {
  if (typeof value === 'string') {
    const fault = { field: at, reason: 'looks like an e-mail address', expected: 'no address of a person' };
    return namesAddress(value) ? [fault] : [];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => addressFaults(one, `${at}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => addressFaults(one, `${at}.${name}`));
}
