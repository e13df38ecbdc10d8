import type { Random } from '../random';

/** A town of the generated country, with the court that keeps its registers. */
export interface Place {
  readonly name: string;
  /** As in "Kölner Flüchtlingshilfe". */
  readonly adjective: string;
  readonly regionKey: string;
  readonly postcodes: readonly string[];
  readonly court: string;
  /** How many organisations it has, compared with others. */
  readonly size: number;
}

const CITIES =
  'Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden Gelsenkirchen Mönchengladbach Braunschweig Kiel Chemnitz Aachen Magdeburg Freiburg Krefeld Halle Mainz Lübeck Erfurt Rostock Kassel Hagen Potsdam Saarbrücken Hamm Ludwigshafen Oldenburg Osnabrück Leverkusen Heidelberg Darmstadt Solingen Regensburg Herne Paderborn Neuss Ingolstadt Offenbach Fürth Ulm Würzburg Heilbronn Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Koblenz Bremerhaven Erlangen Remscheid Trier Jena Salzgitter Siegen Gera Hildesheim Cottbus Görlitz Böblingen Esslingen Tübingen Konstanz Ravensburg Rosenheim Landshut Passau Bayreuth Bamberg Coburg Fulda Gießen Marburg Celle Lüneburg Stade Emden Aurich Flensburg Husum Schwerin Wismar Stralsund Greifswald Bautzen Zwickau Plauen Weimar Gotha Suhl'.split(
    ' ',
  );
const BEGINNINGS =
  'Ober Unter Nieder Hohen Alt Neu Wald Stein Mühl Linden Eichen Birken Rosen Königs Bischofs Groß Klein'.split(' ');
const ENDS = 'hausen heim dorf berg burg bach felde tal stadt kirchen ingen rode bronn au'.split(' ');

/** So that the towns lie all over the country's postcodes, 01000 to 99999. */
const POSTCODES_OF_A_TOWN = 250;

/** Big cities, and small towns whose names are like one another: Oberhausen, Unterhausen, Niederhausen. */
export function places(random: Random): readonly Place[] {
  const towns = BEGINNINGS.flatMap((beginning) => ENDS.map((end) => beginning + end)).filter(() => random.chance(0.8));
  return [
    ...CITIES.map((name, rank) => ({ name, size: 120 / (rank + 3) })),
    ...towns.map((name) => ({ name, size: 0.4 })),
  ].map(({ name, size }, index) => {
    const land = String(1 + (index % 16)).padStart(2, '0');
    const zone = 1000 + index * POSTCODES_OF_A_TOWN;
    return {
      name,
      size,
      adjective: adjectiveOf(name),
      regionKey: `${land}${random.integer(0, 6)}${String(11 + (index % 80)).padStart(2, '0')}${String(index % 1000).padStart(3, '0')}`,
      postcodes: Array.from({ length: size > 5 ? 12 : 2 }, (_, at) => String(zone + at).padStart(5, '0')),
      court: size > 0.4 ? name : random.pick(CITIES),
    };
  });
}

function adjectiveOf(name: string): string {
  if (name.endsWith('ingen')) return `${name.slice(0, -2)}er`;
  return name.endsWith('e') ? `${name}r` : `${name}er`;
}

const STREETS =
  'Haupt Bahnhof Schul Garten Dorf Berg Kirch Wald Ring Markt Linden Mozart Goethe Schiller Post Friedrich Wilhelm Kaiser König Luther Rosen Wiesen Mühlen Burg Bismarck Industrie Park Beethoven Ufer Brücken Bleich Feld Sonnen Tal Hafen Kloster'.split(
    ' ',
  );

export function anAddress(place: Place, random: Random) {
  const name = random.pick(STREETS);
  const street = random.chance(0.7) ? `${name}straße` : `${name}${random.pick(['weg', 'platz', 'gasse', 'allee'])}`;
  return { street: `${street} ${random.integer(1, 120)}`, postcode: random.pick(place.postcodes), city: place.name };
}
