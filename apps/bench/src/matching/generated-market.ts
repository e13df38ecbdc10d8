import { addDays, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import { minutesByWeek, type NeedInput, type OfferInput } from '@alliance/capacity-matching';
import { Random } from '../random';

/** Open needs and offers, all of them over the same whole weeks. */
export interface GeneratedMarket {
  readonly offers: readonly OfferInput[];
  readonly needs: readonly NeedInput[];
}

const FIELDS = 17;
const LAENDER = 16;
const KREISE_OF_A_LAND = 25;
const ORGANISATIONS = 50;
const DAYS = 8 * 7;
const languages = ['A2', 'B1', 'B2', 'C1'] as const;

/**
 * Needs and offers in the tree of a country with Länder and Kreise whose populations differ as those of places do, each in
 * one of 17 fields. A tenth is remote. An offer reaches its Land, so that a need has 10 to 15 feasible pairs.
 */
export function generatedMarket(needs: number, offers: number, seed: number): GeneratedMarket {
  const random = new Random(seed);
  const today = berlinDayOf(new Date().toISOString());
  const from = mondayOf(weekOf(addDays(today, 6)));
  const window = { from, until: addDays(from, DAYS - 1) };
  const organisations = Array.from({ length: 2 * ORGANISATIONS }, () => random.uuid());
  const of = (side: 0 | 1) => organisations[side * ORGANISATIONS + random.integer(0, ORGANISATIONS)] as string;
  /** By population: the nth largest of these places has about an nth of the people of the largest. */
  const place = (places: number) => String(Math.floor((places + 1) ** random.next())).padStart(2, '0');
  const land = () => place(LAENDER);
  const kreis = () => `${land()}1${place(KREISE_OF_A_LAND)}000`;
  const field = () => `field-${random.integer(0, FIELDS)}`;
  return {
    offers: Array.from({ length: offers }, (): OfferInput => {
      const isRemotePossible = random.chance(0.1);
      const facts: OfferInput['facts'] = {
        ...{ ...window, fieldKeys: [field()], isRemotePossible, seats: 4, leadTimeDays: 0 },
        regionKeys: isRemotePossible ? [] : [`${land()}000000`],
        skills: [{ key: 'counselling', level: random.integer(1, 6) }],
        languages: [{ tag: 'uk', level: random.pick(languages) }],
        ...{ minutesPerWeek: 60 * random.integer(1, 81), excludedOrganisationIds: [] },
      };
      const id = random.uuid();
      return { id, organisationId: of(0), facts, qualifications: new Map(), free: minutesByWeek(facts) };
    }).sort(byId),
    needs: Array.from({ length: needs }, (): NeedInput => {
      const facts: NeedInput['facts'] = {
        ...{ ...window, fieldKeys: [field()], regionKey: kreis(), isRemotePossible: random.chance(0.1) },
        ...{ mustSkills: [{ key: 'counselling', level: random.integer(1, 4) }], niceSkills: [] },
        ...{ languages: [{ tag: 'uk', level: 'A2' }], minutesPerWeek: 60 * random.integer(1, 41) },
        ...{ neededBy: addDays(from, random.integer(0, 20)), severity: random.integer(1, 4) },
        ...{ strain: 'challenging', peoplePerHelper: random.integer(0, 60) },
        ...{ requiredQualifications: [], excludedOrganisationIds: [] },
      };
      const { severity } = facts;
      const openedAt = new Date().toISOString();
      return { id: random.uuid(), organisationId: of(1), facts, severity, openedAt, supplies: [] };
    }).sort(byId),
  };
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}
