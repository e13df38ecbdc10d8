import { splitLegalForm } from './legal-form';
import { editsBetween, fold, plain, stem } from './spelling';

/** A word of a name. */
export interface NameWord {
  /** The same for words that sound the same but for their endings. */
  readonly key: string;
  /** As it was written, in lower case and plain letters. */
  readonly text: string;
}

/** What is known by its initials: written out it becomes them, so that both are one word, as frequent as they are. */
const KNOWN_INITIALS: Readonly<Record<string, readonly string[]>> = {
  drk: ['deutsches rotes kreuz', 'deutschen roten kreuzes'],
  asb: ['arbeiter samariter bund', 'arbeitersamariterbund'],
  awo: ['arbeiterwohlfahrt', 'arbeiter wohlfahrt'],
  ib: ['internationaler bund'],
  thw: ['technisches hilfswerk'],
  dlrg: ['deutsche lebens rettungs gesellschaft', 'deutsche lebensrettungsgesellschaft'],
  cvjm: ['christlicher verein junger menschen'],
  skf: ['sozialdienst katholischer frauen'],
  skm: ['sozialdienst katholischer maenner'],
  vdk: ['sozialverband vdk'],
  vhs: ['volkshochschule'],
  kjr: ['kreisjugendring'],
  djo: ['deutsche jugend in europa'],
  dug: ['deutsch ukrainische gesellschaft'],
};

/** Written short, and always for the same. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ...{ kv: 'kreisverband', ov: 'ortsverband', lv: 'landesverband', bv: 'bezirksverband', ogv: 'ortsgruppe' },
  ...{ ev: 'evangelisch', evang: 'evangelisch', kath: 'katholisch', dt: 'deutsch', ukr: 'ukrainisch', st: 'sankt' },
  ...{ ges: 'gesellschaft', gesell: 'gesellschaft', verb: 'verband', stift: 'stiftung', intern: 'international' },
  ...{ int: 'international', ini: 'initiative', bi: 'buergerinitiative', bfg: 'begegnung', org: 'organisation' },
  ...{ gem: 'gemeinde', fv: 'foerderverein', foev: 'foerderverein', zentr: 'zentrum', fh: 'fluechtlingshilfe' },
};

const FILLERS = new Set(
  [
    'der die das des dem den ein eine und oder u fuer im in am an ans auf aus bei beim mit nach ohne um unter vom von vor',
    'zu zum zur ueber verein vereins vereinigung gemeinnuetzige gemeinnuetziger gemeinnuetziges organisation hilfsorganisation',
    'umgebung deutschland e the of for and at to from on la le de du i v y z ta dlja na do ot s po pri',
  ]
    .join(' ')
    .split(' ')
    .map(fold),
);
/** What is left of a legal form that is not at the end. */
const LEGAL_ABBREVIATIONS = new Set(['gug', 'ug', 'ag', 'gag', 'kg', 'ohg', 'eg']);
/** What says nothing of a name and is long enough to be known when it is misspelt. */
const LONG_FILLERS = [
  ...['eingetragener', 'rechtsfaehige', 'haftungsbeschraenkt', 'beschraenkter', 'koerperschaft', 'ggmbh', 'gmbh'],
  ...['gemeinnuetziger', 'hilfsorganisation', 'organisation', 'deutschland', 'umgebung'],
];

function isFiller({ text }: NameWord): boolean {
  return (
    FILLERS.has(fold(text)) ||
    LEGAL_ABBREVIATIONS.has(text) ||
    LONG_FILLERS.some((word) => editsBetween(word, text) !== undefined)
  );
}

const spellingsOfInitials = Object.entries(KNOWN_INITIALS).flatMap(([initials, spellings]) =>
  spellings.map((spelling) => ({
    initials: keyOf(initials),
    spelling: spelling.split(' ').map((text) => ({ key: keyOf(text), text })),
  })),
);

/** How a word is compared: as it sounds, without its endings; numbers as they are. */
export function keyOf(word: string): string {
  const folded = fold(word);
  return /\d/.test(folded) ? folded : stem(folded);
}

/** The words that tell a name from others, in their order: each once, without its legal form and without fillers. */
export function nameWords(name: string): readonly NameWord[] {
  const all = splitLegalForm(unbroken(withoutBranch(withoutInitials(name))))
    .rest.split(/[^\p{L}\p{N}]+/u)
    .filter((text) => text !== '')
    .map((text) => ({ key: keyOf(ABBREVIATIONS[text] ?? text), text }));
  const telling = all.filter((word) => word.key !== '' && !isFiller(word));
  const words = shortenToInitials(telling.length > 0 ? telling : all);
  return words.filter(({ key }, at) => words.findIndex((word) => word.key === key) === at);
}

/** "Haus der Kulturen (HDK)" is no other name than "Haus der Kulturen". */
function withoutInitials(name: string): string {
  const without = name.replace(/\(\p{Lu}{2,8}\)/gu, ' ');
  return /[\p{L}\p{N}]/u.test(without) ? without : name;
}

/** The branch of a Protestant church is left out as often as said, and a Lutheran parish is not one that is named after Luther. */
function withoutBranch(name: string): string {
  return name.replace(
    /(?<=(?<!\p{L})ev(?:ang(?:elisch)?)?\.?) ?- ?(?:luth|ref|uniert)\p{L}*\.?| luth\.(?=[ -])/giu,
    '',
  );
}

/** "Kultur-verein" is a Kulturverein; a Verein that stands alone says nothing. */
function unbroken(name: string): string {
  return name.replace(/(\p{L})-(?=verein|VEREIN)/gu, '$1');
}

function shortenToInitials(words: readonly NameWord[]): readonly NameWord[] {
  const short: NameWord[] = [];
  for (let at = 0; at < words.length;) {
    const known = knownFrom(words, at);
    const word = words[at];
    if (known === undefined && word !== undefined) short.push(word);
    if (known !== undefined) {
      const text = words.slice(at, at + known.length).map((one) => one.text);
      short.push({ key: known.initials, text: text.join(' ') });
    }
    at += known?.length ?? 1;
  }
  return short;
}

function knownFrom(words: readonly NameWord[], from: number) {
  const isWritten = (spelling: readonly NameWord[]) =>
    spelling.every(({ key, text }, index) => {
      const word = words[from + index];
      return word !== undefined && (word.key === key || editsBetween(word.text, text) !== undefined);
    });
  const known = spellingsOfInitials.find(({ spelling }) => isWritten(spelling));
  return known && { initials: known.initials, length: known.spelling.length };
}

/** Words of every second name, by how many of a thousand names have them, for as long as the index is small. */
const COMMON: Readonly<Record<number, string>> = {
  100: 'verein hilfe ukraine foerderverein stadt',
  40: 'initiative netzwerk verband kreisverband ortsverein ortsverband landesverband stiftung gesellschaft deutsch ukrainisch freundeskreis kirchengemeinde evangelisch katholisch gemeinde fluechtlingshilfe fluechtlinge kinder jugend caritas diakonie drk awo tafel nachbarschaftshilfe integration kultur',
  15: 'gefluechtete fluechtlingsrat familie frauen sozial bildung begegnung zentrum haus buerger buendnis partnerschaft gemeinsam helfen helfer menschen international solidaritaet humanitaer willkommen migration asyl arbeitskreis verbund forum berlin hamburg muenchen koeln frankfurt stuttgart duesseldorf leipzig dresden hannover nuernberg bremen bonn asb zukunft hoffnung freiheit frieden bruecke europa osteuropa kiew kyjiw sankt landkreis kreis bezirk nord sued ost west dienst werk hilfswerk kirche buero stelle beratung sprache schule diakonisches umgebung',
};
const shares = new Map(
  Object.entries(COMMON).flatMap(([perThousand, words]) =>
    words.split(' ').map((word) => [keyOf(plain(word)), Number(perThousand) / 1000] as const),
  ),
);

/** The share of names that have the word, by experience; 0 for the words that say something. */
export function commonShare(key: string): number {
  return shares.get(key) ?? 0;
}

/** Of each of these lists a name has one word at most, and another one is another organisation. */
const EXCLUSIVE = [
  'evangelisch katholisch orthodox juedisch islamisch',
  'nord sued ost west',
  'ortsverband kreisverband bezirksverband landesverband bundesverband',
].map((words) => new Set(words.split(' ').map(keyOf)));

/** Whether the names have words that exclude one another: an Evangelische and a Katholische Kirchengemeinde. */
export function excludeOneAnother(a: readonly NameWord[], b: readonly NameWord[]): boolean {
  return EXCLUSIVE.some((words) => [a, b].every((name) => name.some(({ key }) => words.has(key))));
}
