import type { Facts, Made } from './made';
import { anAddress, type Place } from './places';
import type { Random } from '../random';
import { inLatin, systems } from './transliteration';

type Change = (name: string, made: Made, random: Random) => string;

/** How the same name is written by somebody else. Those that do not apply leave it as it is. */
const CHANGES: Readonly<Record<string, Change>> = {
  'a typo': (name, _made, random) => misspelt(name, random),
  'typo upon typo': (name, _made, random) => misspelt(misspelt(name, random), random),
  'legal form': (name, { name: { legalForm } }, random) => withLegalForm(name, legalForm, random),
  umlauts: (name, _made, random) => {
    const written = random.chance(0.5)
      ? ['ae', 'oe', 'ue', 'ss', 'Ae', 'Oe', 'Ue']
      : ['a', 'o', 'u', 'ss', 'A', 'O', 'U'];
    return name.replace(/[äöüßÄÖÜ]/g, (letter) => written['äöüßÄÖÜ'.indexOf(letter)] ?? letter);
  },
  transliteration: (name, { name: { cyrillic, name: beside } }, random) => {
    if (cyrillic === undefined) return name;
    const other = random.chance(0.3) ? cyrillic : inLatin(cyrillic, random.pick(systems));
    return `${other} ${beside}`.trim();
  },
  'word order': (name, { name: { legalForm } }, random) => {
    const isSaid = legalForm !== '' && name.endsWith(legalForm);
    const words = (isSaid ? name.slice(0, -legalForm.length).trim() : name).split(' ');
    const at = random.integer(1, Math.max(2, words.length));
    return [...words.slice(at), ...words.slice(0, at), ...(isSaid ? [legalForm] : [])].join(' ');
  },
  adjective: (name, { place }, random) => {
    if (name.startsWith(place.adjective)) return `${name.slice(place.adjective.length + 1)} ${place.name}`;
    return name.includes(` ${place.name}`) && random.chance(0.7)
      ? `${place.adjective} ${name.replace(` ${place.name}`, '')}`
      : name.replace(` ${place.name}`, ` für ${place.name} und Umgebung`);
  },
  abbreviation: (name) => ABBREVIATED.reduce((short, [long, abbreviation]) => short.replace(long, abbreviation), name),
  hyphens: (name, _made, random) =>
    random.chance(0.5)
      ? name.replace(/-/, ' ')
      : name.replace(/([a-zäöüß])(hilfe|verein|kreis|netz|zentrum|haus|café)\b/, '$1-$2'),
  capitals: (name, _made, random) => (random.chance(0.5) ? name.toUpperCase() : name.toLowerCase()),
  initials: (name) => {
    const initials = name
      .split(/[^\p{L}]+/u)
      .map((word) => word.charAt(0).toUpperCase())
      .join('');
    return initials.length >= 3 ? `${name} (${initials})` : name;
  },
  'more said': (name, _made, random) =>
    `${name} ${random.pick(['Verein', 'Initiative', 'Deutschland', 'Hilfsorganisation', 'gemeinnütziger Verein'])}`,
};

const ABBREVIATED = [
  ['Deutsches Rotes Kreuz', 'DRK'],
  ['Arbeiterwohlfahrt', 'AWO'],
  ['Arbeiter-Samariter-Bund', 'ASB'],
  ['Volkshochschule', 'VHS'],
  ['Kreisverband', 'KV'],
  ['Ortsverband', 'OV'],
  ['Evangelische', 'Ev.'],
  ['Katholische', 'Kath.'],
  ['Gesellschaft', 'Ges.'],
  ['Förderverein', 'FV'],
  [' und ', ' & '],
  ['Internationaler Bund', 'IB'],
] as const;

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  'e.V.': ['e. V.', 'eV', 'e.V', 'eingetragener Verein', ''],
  gGmbH: [
    'gemeinnützige GmbH',
    'gGmbH',
    'gem. GmbH',
    'gemeinnützige Gesellschaft mit beschränkter Haftung',
    'GmbH',
    '',
  ],
  GmbH: ['Gesellschaft mit beschränkter Haftung', 'G.m.b.H.', ''],
  'gUG (haftungsbeschränkt)': ['gUG', 'gemeinnützige UG (haftungsbeschränkt)', 'UG (haftungsbeschränkt)', ''],
  'Körperschaft des öffentlichen Rechts': ['KdöR', 'K.d.ö.R.', 'KöR', ''],
  'rechtsfähige Stiftung': ['Stiftung bürgerlichen Rechts', ''],
};

function withLegalForm(name: string, legalForm: string, random: Random): string {
  if (legalForm === '') return name;
  const bare = name.replace(` ${legalForm}`, '');
  const spelling = random.pick(SPELLINGS[legalForm] ?? ['']);
  return `${bare} ${spelling}`.trim();
}

/** A letter too few, too many, wrong, or two swapped, in a word of some length. */
function misspelt(name: string, random: Random): string {
  const places = [...name.matchAll(/\p{L}{5,}/gu)];
  if (places.length === 0) return name;
  const { 0: word, index } = random.pick(places);
  const at = index + random.integer(1, word.length - 1);
  const letter = String.fromCharCode(97 + random.integer(0, 26));
  const [before, after] = [name.slice(0, at), name.slice(at)];
  return random.pick([
    before + after.slice(1),
    before + letter + after,
    before + letter + after.slice(1),
    before + (after[1] ?? '') + (after[0] ?? '') + after.slice(2),
  ]);
}

/** The same organisation once more, as somebody else fills in the form: differently written, less or more of it, or moved. */
export function secondRecordOf(
  made: Made,
  country: readonly Place[],
  random: Random,
): { facts: Facts; changes: readonly string[] } {
  const { facts, place } = made;
  const changes: string[] = [];
  let name = facts.name;
  const wanted = made.name.cyrillic !== undefined && random.chance(0.7) ? ['transliteration'] : [];
  const count = random.integer(1, 3);
  while (wanted.length < count) {
    const one = random.pick(Object.keys(CHANGES));
    // Not the same twice, and one kind of typing errors at most.
    if (!wanted.some((other) => other.slice(-4) === one.slice(-4))) wanted.push(one);
  }
  for (const change of wanted) {
    const changed = CHANGES[change]?.(name, made, random) ?? name;
    if (changed !== name) changes.push(change);
    name = changed;
  }
  const { regionKey: _regionKey, website, address, identifiers, legalForm: _legalForm, ...rest } = facts;
  const moved = random.next();
  const movedTo = moved < 0.05 ? random.pick(country) : place;
  if (moved < 0.25) changes.push(moved < 0.05 ? 'moved to another town' : 'moved within the town');
  return {
    changes,
    facts: {
      ...rest,
      name,
      ...(random.chance(0.8) && { regionKey: movedTo.regionKey }),
      identifiers: sameOrSlipped(identifiers, random),
      ...(website !== undefined &&
        random.chance(moved < 0.05 ? 0.75 : 0.5) && { website: otherSpelling(website, random) }),
      ...(random.chance(0.75) && {
        address:
          moved < 0.25 || address === undefined
            ? anAddress(movedTo, random)
            : { ...address, street: otherStreet(address.street, random) },
      }),
    },
  };
}

function sameOrSlipped(identifiers: Facts['identifiers'], random: Random): Facts['identifiers'] {
  const chance = random.next();
  if (chance < 0.55) return [];
  if (chance < 0.93) return identifiers;
  return identifiers.map((one) => ({
    ...one,
    number: one.number.replace(/\d(?=\D*$)/, String(random.integer(0, 10))),
  }));
}

function otherSpelling(website: string, random: Random): string {
  return random.pick([
    website,
    website.replace('https://www.', 'http://'),
    `${website}/`,
    website.replace('https://www.', 'https://'),
  ]);
}

function otherStreet(street: string, random: Random): string {
  return random.pick([
    street,
    street.replace('straße', 'str.'),
    street.replace('straße', 'strasse'),
    street.toUpperCase(),
    street.replace(/(\w+)straße/, '$1-Straße'),
  ]);
}
