import type { Facts, Made } from './made';
import { aName, type MadeName } from './organisation-names';
import { anAddress, type Place, places } from './places';
import { Random } from '../random';
import { inLatin, systems } from './transliteration';
import { secondRecordOf } from './second-record';

export interface Written {
  readonly id: string;
  readonly facts: Facts;
  /** The record of the same organisation that was there before. */
  readonly duplicateOf?: string;
  /** What makes the duplicate look different. */
  readonly changes?: readonly string[];
}

/**
 * So many records of organisations, of which so many are second records of an organisation that is in the list already;
 * in a mixed order, the same for the same seed. No two organisations of one town have the same name (§ 57 BGB), but many
 * have nearly the same, or the same in another town; some share a house, a website or both.
 */
export function population(options: {
  readonly seed: number;
  readonly records: number;
  readonly duplicates: number;
}): readonly Written[] {
  const random = new Random(options.seed);
  const country = places(random);
  const bySize = country.flatMap((place) => Array.from({ length: Math.ceil(place.size * 5) }, () => place));
  const taken = new Set<string>();
  const records: Written[] = [];
  const originals: { id: string; made: Made }[] = [];
  while (originals.length < options.records - options.duplicates) {
    const made = make(random.pick(bySize), random, taken);
    if (made === undefined) continue;
    for (const one of [made, ...(random.chance(0.02) ? sistersOf(made, random, taken) : [])]) {
      if (originals.length === options.records - options.duplicates) break;
      const id = random.uuid();
      originals.push({ id, made: one });
      records.push({ id, facts: one.facts });
    }
  }
  const chosen = shuffled(originals, random).slice(0, options.duplicates);
  for (const { id, made } of chosen) {
    const { facts, changes } = secondRecordOf(made, country, random);
    records.push({ id: random.uuid(), facts, duplicateOf: id, changes });
  }
  return shuffled(records, random);
}

function make(place: Place, random: Random, taken: Set<string>): Made | undefined {
  const name = aName(place, random);
  if (!claim(place, name, taken)) return undefined;
  const latin =
    name.cyrillic === undefined ? name.name : `${inLatin(name.cyrillic, random.pick(systems))} ${name.name}`.trim();
  return { place, name, facts: factsOf(place, name, latin, random, taken) };
}

/** Whether nobody in the town is called so yet, or nearly so. */
function claim(
  { name: town }: Place,
  { name, subject, cyrillic, unique = false }: MadeName,
  taken: Set<string>,
): boolean {
  const words = subject.split(/[ -]/).sort().join(' ');
  const where = (cyrillic !== undefined && !name.includes(town)) || unique ? 'anywhere' : town;
  const claimed = [`${town}: ${words}`, `${where}: ${words}`, ...(cyrillic === undefined ? [`${town}: ${name}`] : [])];
  if (claimed.some((one) => taken.has(one))) return false;
  for (const one of [...claimed, ...(cyrillic === undefined ? [] : [`anywhere: ${words}`])]) taken.add(one);
  return true;
}

function factsOf(place: Place, name: MadeName, latin: string, random: Random, taken: Set<string>): Facts {
  const { kind, legalForm, federation } = name;
  const written = legalForm !== '' && random.chance(0.6) && kind !== 'public-body' ? `${latin} ${legalForm}` : latin;
  const operatingSince = `${random.integer(1950, 2024)}-${String(random.integer(1, 13)).padStart(2, '0')}-${String(random.integer(1, 29)).padStart(2, '0')}`;
  return {
    name: written,
    kind,
    ...(legalForm !== '' && random.chance(0.8) && { legalForm }),
    operatingSince,
    ...(random.chance(0.9) && { regionKey: place.regionKey }),
    identifiers: random.chance(0.7) ? identifiersOf(place, name, random, taken) : [],
    fieldKeys: [],
    ...(random.chance(0.55) && { website: websiteOf(place, latin, federation, random) }),
    ...(random.chance(0.8) && { address: anAddress(place, random) }),
  };
}

function identifiersOf(
  { court, regionKey }: Place,
  { kind, legalForm, subject }: MadeName,
  random: Random,
  taken: Set<string>,
): Facts['identifiers'] {
  if (kind === 'public-body') return subject === 'Stadt' ? [{ scheme: 'ags', number: regionKey }] : [];
  if (kind === 'foundation') {
    const number = () => `${random.integer(1000, 9999)}.${random.integer(1, 99)}`;
    return [{ scheme: 'stiftungsregister', court, number: freeNumber(court, number, taken) }];
  }
  if (legalForm.includes('KG')) return [commercialRegister(court, () => `HRA ${random.integer(1000, 30000)}`, taken)];
  if (/GmbH|UG|AG/.test(legalForm)) return [sectionB(court, random, taken)];
  const number = freeNumber(court, () => `VR ${random.integer(100, 30000)}`, taken);
  return [{ scheme: 'vereinsregister', court, number }];
}

function sectionB(court: string, random: Random, taken: Set<string>): Facts['identifiers'][number] {
  return commercialRegister(court, () => `HRB ${random.integer(1000, 120000)}`, taken);
}

function commercialRegister(court: string, number: () => string, taken: Set<string>): Facts['identifiers'][number] {
  return { scheme: 'handelsregister', court, number: freeNumber(court, number, taken) };
}

/** A court gives each number once. */
function freeNumber(court: string, draw: () => string, taken: Set<string>): string {
  for (;;) {
    const number = draw();
    if (taken.has(`${court}: ${number}`)) continue;
    taken.add(`${court}: ${number}`);
    return number;
  }
}

function websiteOf(place: Place, name: string, federation: string | undefined, random: Random): string {
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replaceAll('ä', 'ae')
      .replaceAll('ö', 'oe')
      .replaceAll('ü', 'ue')
      .replaceAll('ß', 'ss')
      .normalize('NFD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  if (federation !== undefined && random.chance(0.3)) return `https://www.${slug(federation)}.example`;
  const own = name.includes(place.name) ? slug(name) : `${slug(name)}-${slug(place.name)}`;
  return random.chance(0.08) ? `https://www.facebook.com/${own}` : `https://www.${own}.example`;
}

/** Organisations beside it that it is not: a company of its own in the same house, or another in the same house. */
function sistersOf({ place, name, facts }: Made, random: Random, taken: Set<string>): readonly Made[] {
  const address = facts.address ?? anAddress(place, random);
  if (name.legalForm === 'e.V.' && random.chance(0.5)) {
    const legalForm = 'gGmbH';
    const called = facts.name.replace(/ e\.V\.$/, '');
    const identifiers = [sectionB(place.court, random, taken)];
    return [
      {
        place,
        name: { ...name, legalForm },
        facts: { ...facts, name: `${called} ${legalForm}`, legalForm, identifiers, address },
      },
    ];
  }
  const other = aName(place, random);
  if (other.cyrillic !== undefined || !claim(place, other, taken)) return [];
  return [{ place, name: other, facts: { ...factsOf(place, other, other.name, random, taken), address } }];
}

function shuffled<One>(list: readonly One[], random: Random): readonly One[] {
  return list
    .map((one) => ({ one, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
