import type { Place } from './places';
import type { Random } from '../random';

/** A name as it is first written, and what in it is one and the same subject in one town, so that no two have it. */
export interface MadeName {
  readonly name: string;
  readonly subject: string;
  readonly legalForm: string;
  readonly kind: 'civil-society' | 'company' | 'foundation' | 'public-body';
  /** No second one in the country: two surnames hardly meet twice. */
  readonly unique?: boolean;
  /** A federation whose website its chapters share. */
  readonly federation?: string;
  /** The Ukrainian or Russian words of the name in Cyrillic; no two in the country have the same, whose names do not say the town. */
  readonly cyrillic?: string;
}

const list = (text: string) => text.split(',').map((one) => one.trim());

const FEDERATIONS = list(
  'Deutsches Rotes Kreuz,Arbeiterwohlfahrt,Arbeiter-Samariter-Bund,Johanniter-Unfall-Hilfe,Malteser Hilfsdienst,Deutscher Kinderschutzbund,pro familia,Lebenshilfe,Sozialverband VdK,Der Paritätische,Internationaler Bund,Volkssolidarität,Diakonisches Werk,Caritasverband,Kreisjugendring,Landfrauenverein,Naturfreunde,Kolpingsfamilie,Volkshochschule',
);
const LEVELS = [
  'Kreisverband',
  'Ortsverein',
  'Ortsverband',
  'Bezirksverband',
  'Ortsgruppe Nord',
  'Ortsgruppe Süd',
  'Jugendwerk',
];
const SUBJECTS = list(
  'Flüchtlingshilfe,Flüchtlingsrat,Asylkreis,Arbeitskreis Asyl,Freundeskreis Asyl,Freundeskreis Ukraine,Willkommensinitiative,Willkommensnetz,Nachbarschaftshilfe,Ukrainehilfe,Ukraine-Hilfsverein,Bürgerstiftung,Bürgerverein,Tafel,Kinderhilfe,Kulturverein,Kulturzentrum,Stadtteilzentrum,Mehrgenerationenhaus,Migrationsforum,Integrationsverein,Integrationslotsen,Sprachcafé,Deutsch-Ukrainische Gesellschaft,Ukrainische Gemeinde,Ukrainische Samstagsschule,Russischsprachiger Elternverein,Frauenhaus,Frauenberatung,Hospizverein,Jugendclub,Jugendmigrationsdienst,Eltern-Kind-Zentrum,Familienzentrum,Medizinische Hilfe Ukraine,Partnerschaftsverein Kiew,Partnerschaftsverein Lwiw,Städtepartnerschaft Charkiw,Freiwilligenagentur,Ehrenamtsbörse,Seniorenhilfe,Obdachlosenhilfe,Bahnhofsmission,Möbellager,Kleiderkammer,Fahrradwerkstatt,Begegnungscafé,Interkultureller Garten,Interkulturelles Netzwerk,Bündnis für Geflüchtete,Runder Tisch Asyl,Hilfe für Kinder in Not,Ärzte helfen,Brückenbauer,Lernwerkstatt,Theaterverein,Chorgemeinschaft,Turnverein,Sportgemeinschaft,Kleingartenverein',
);
const FANCIES = list(
  'Lichtblick,Grenzenlos,Regenbogen,Brücke der Hoffnung,Neue Wege,Offene Tür,Haus der Begegnung,Offenes Ohr,Kolibri,Sonnenblume,Sternschnuppe,Pusteblume,Ankerplatz,Leuchtturm,Rückenwind,Aufwind,Horizont,Perspektive,Zuversicht,Herzensbrücke,Zusammenhalt,Miteinander,Weitblick,Morgenröte,Löwenzahn,Kompass,Fundament,Mosaik,Agora,Arche,Heimat,Wegweiser,Sprungbrett,Zweite Heimat,Warmherzig,Tatkraft,Windrose,Zeitgeber,Funkenflug,Wurzelwerk,Himmelblau,Kranich,Storchennest,Wendepunkt,Atempause,Apfelbaum,Fensterplatz,Treppenhaus,Werkbank,Tischgemeinschaft,Silberstreif,Kornblume,Mohnblume,Möwe,Delfin,Pinguin,Igel,Biber,Fuchsbau,Dachboden',
);
const FANCY_ENDS = list(
  ',,Initiative,Projekt,Verein für soziale Arbeit,Zentrum für Bildung,Jugendhilfe,Netzwerk,Beratung,Hilfe für Familien,für die Ukraine,gemeinsam helfen,Kinderhaus,Akademie,Kollektiv,Werkstatt,international,Solidarität,Menschen in Not,Kulturtreff',
);
const SURNAMES = list(
  'Müller,Schmidt,Schmitz,Schneider,Fischer,Weber,Meyer,Maier,Wagner,Becker,Schulz,Schulze,Hoffmann,Hofmann,Koch,Bauer,Richter,Klein,Wolf,Schröder,Neumann,Schwarz,Zimmermann,Braun,Krüger,Hartmann,Lange,Werner,Krause,Lehmann,Köhler,Herrmann,König,Walter,Huber,Kaiser,Fuchs,Peters,Lang,Scholz,Möller,Weiß,Jung,Hahn,Vogel,Keller,Günther,Frank,Berger,Winkler,Roth,Beck,Lorenz,Baumann,Franke,Albrecht,Schuster,Ludwig,Böhm,Winter,Kraus,Martin,Schumacher,Krämer,Vogt,Stein,Jäger,Otto,Sommer,Groß,Seidel,Heinrich,Brandt,Haas,Schreiber,Graf,Dietrich,Ziegler,Kuhn,Pohl,Engel,Horn,Busch,Bergmann,Thomas,Voigt,Sauer,Arnold,Pfeiffer',
);
const TRADES = list(
  'Möbelwerk,Bäckerei,Spedition,Bauunternehmen,Elektrotechnik,Maschinenbau,Softwarehaus,Logistik,Druckerei,Immobilien,Steuerberatung,Gebäudereinigung,Metallbau,Pflegedienst,Apotheke,Autohaus,Hotel,Brauerei,Personaldienst,Consulting,Textil,Gartenbau,Energie,Medien,Verlag',
);
const SAINTS = list(
  'St. Johannes,St. Josef,St. Marien,St. Martin,St. Nikolai,St. Petri,St. Michael,Heilig Geist,Christus,Luther,Paulus,Kreuz,Erlöser,Friedens,Auferstehungs,Herz Jesu,St. Anna,St. Georg,St. Lukas,St. Markus,St. Matthäus,Stephanus',
);
const CYRILLIC_FIRST = list(
  'Українська,Вільна,Нова,Рідна,Світла,Добра,Жива,Єдина,Щедра,Золота,Широка,Чиста,Русская,Новая,Живая,Первая,Украинская,Большая',
);
const CYRILLIC_SECOND = list(
  'Допомога,Надія,Мрія,Злагода,Берегиня,Воля,Громада,Школа,Хата,Мова,Спілка,Родина,Криниця,Домівка,Оселя,Пісня,Калина,Ластівка,Жар-птиця,Вишиванка,Зірка,Стежка,Дорога,Скарбниця,Щастя,Юність,Їжачок,Соняшник,Джерело,Промінь,Світанок,Обрій,Чайка,Паляниця,Надежда,Помощь,Радость,Семья,Дружба,Встреча,Колыбель,Ёлочка,Журавль,Мечта,Матрёшка',
);

/** How the country's organisations are called. Of some kinds many are called nearly the same, and are not. */
export function aName(place: Place, random: Random): MadeName {
  const kind = random.next();
  if (kind < 0.24) return chapter(place, random);
  if (kind < 0.5) return aboutASubject(place, random);
  if (kind < 0.68) return fancy(place, random);
  if (kind < 0.82) return ukrainian(place, random);
  if (kind < 0.88) return parish(place, random);
  if (kind < 0.93) return foundation(place, random);
  if (kind < 0.98) return company(place, random);
  return publicBody(place, random);
}

function chapter(place: Place, random: Random): MadeName {
  const federation = random.pick(FEDERATIONS);
  const level = random.pick(LEVELS);
  const name = random.chance(0.5) ? `${federation} ${level} ${place.name}` : `${federation} - ${level} ${place.name}`;
  return { name, subject: `${federation} ${level}`, legalForm: 'e.V.', kind: 'civil-society', federation };
}

function aboutASubject(place: Place, random: Random): MadeName {
  const subject = random.pick(SUBJECTS);
  const name = random.pick([
    `${subject} ${place.name}`,
    `${place.adjective} ${subject}`,
    `${subject} in ${place.name}`,
    `Förderverein ${subject} ${place.name}`,
  ]);
  const legalForm = random.pick(['e.V.', 'e.V.', 'e.V.', 'gGmbH', 'gUG (haftungsbeschränkt)', '']);
  return { name, subject, legalForm, kind: 'civil-society' };
}

function fancy(place: Place, random: Random): MadeName {
  const [one, end] = [random.pick(FANCIES), random.pick(FANCY_ENDS)];
  const name = [one, end, random.chance(0.35) ? place.name : ''].filter((part) => part !== '').join(' ');
  return {
    name,
    subject: one,
    legalForm: random.pick(['e.V.', 'e.V.', 'gGmbH', 'gUG (haftungsbeschränkt)']),
    kind: 'civil-society',
  };
}

function ukrainian(place: Place, random: Random): MadeName {
  const cyrillic = random.chance(0.6)
    ? `${random.pick(CYRILLIC_FIRST)} ${random.pick(CYRILLIC_SECOND)}`
    : `${random.pick(CYRILLIC_SECOND)}-${random.pick(CYRILLIC_SECOND)}`;
  const beside = random.pick([
    '',
    '',
    place.name,
    `in ${place.name}`,
    `Verein ${place.name}`,
    'Kulturverein',
    'Hilfsverein',
    'Samstagsschule',
  ]);
  return {
    name: beside,
    subject: cyrillic,
    legalForm: random.pick(['e.V.', 'e.V.', 'gUG (haftungsbeschränkt)', '']),
    kind: 'civil-society',
    cyrillic,
  };
}

function parish(place: Place, random: Random): MadeName {
  const confession = random.pick([
    'Evangelische Kirchengemeinde',
    'Katholische Kirchengemeinde',
    'Evangelisch-Lutherische Kirchengemeinde',
  ]);
  const saint = random.pick(SAINTS);
  return {
    name: `${confession} ${saint} ${place.name}`,
    subject: `${confession.slice(0, 6)} ${saint}`,
    legalForm: 'Körperschaft des öffentlichen Rechts',
    kind: 'public-body',
  };
}

function foundation(place: Place, random: Random): MadeName {
  const [one, other] = [random.pick(SURNAMES), random.pick(SURNAMES)];
  const legal = { legalForm: 'rechtsfähige Stiftung', kind: 'foundation' as const };
  if (random.chance(0.5)) {
    const name = random.pick([`${one}-Stiftung`, `Familie ${one} Stiftung ${place.name}`]);
    return { name, subject: `Stiftung ${one}`, ...legal };
  }
  const name = random.pick([`${one}-${other}-Stiftung`, `Stiftung ${one} und ${other}`]);
  return { name, subject: `Stiftung ${one} ${other}`, unique: true, ...legal };
}

function company(place: Place, random: Random): MadeName {
  const [trade, one] = [random.pick(TRADES), random.pick(SURNAMES)];
  const name = random.pick([
    `${trade} ${one}`,
    `${one} ${trade}`,
    `${trade} ${place.name}`,
    `${one} & ${random.pick(SURNAMES)} ${trade}`,
  ]);
  return {
    name,
    subject: `${trade} ${one}`,
    legalForm: random.pick(['GmbH', 'GmbH', 'AG', 'GmbH & Co. KG']),
    kind: 'company',
  };
}

function publicBody(place: Place, random: Random): MadeName {
  const body = random.pick([
    'Stadt',
    'Landkreis',
    'Jobcenter',
    'Ausländerbehörde',
    'Jugendamt',
    'Volkshochschule der Stadt',
    'Integrationsbüro der Stadt',
  ]);
  return {
    name: `${body} ${place.name}`,
    subject: body,
    legalForm: 'Körperschaft des öffentlichen Rechts',
    kind: 'public-body',
  };
}
