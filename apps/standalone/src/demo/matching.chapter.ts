import { addWeeks, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import type { Answer, ApiClient, Problem } from '../api-client';
import { askUntil, type Cast } from './cast';
import { after, day, idOf, type Page } from './steps';
import type { Story } from './story';

/** What auditors are shown of the matching. */
export interface Matched {
  readonly roundId: string;
  readonly allocationId: string;
}

interface Round {
  readonly status: string;
  readonly needs: number;
  readonly offers: number;
  readonly solution?: { readonly proposals: number; readonly weeks: readonly { readonly gap: number }[] };
}

interface Proposal {
  readonly offerId: string;
  readonly score: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly weeks: readonly { readonly from: string; readonly to: string; readonly minutes: number }[];
}

interface Unserved {
  readonly reason: string;
  readonly nearestMisses: readonly { readonly offerId: string; readonly lacks: string; readonly change: string }[];
}

interface Allocation {
  readonly allocationId: string;
  readonly offerId: string;
  readonly stage: string;
  readonly securedAt?: string;
  readonly isDisputed: boolean;
  readonly deliveredMinutes: number;
}

const MATCHING = '/capacity-matching';
const helping = 'Münchner Brücke e.V.';
const supporters = ['Stiftung Offenes Haus', 'Möbelwerk Leipzig GmbH', 'Übersetzernetz Süd e.V.'] as const;

/** A need that nobody meets, three offers, a round that says why, a refusal, another round, and hours that were worked. */
export async function tellOfMatching(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<Matched> {
  const needy = await cast.representativeOf(idOf(ids, helping));
  const { coordinator } = cast;
  const needId = await shortage(story, coordinator, needy);
  const offers = await threeOffers(story, cast, ids);
  const [first, second, third] = offers;
  story.chapter('A matching round, and why');
  const roundId = await round(story, coordinator);
  const proposals = await coordinator.get<Page<Proposal>>(`${MATCHING}/rounds/${roundId}/proposals?needId=${needId}`);
  for (const { offerId, score, terms, weeks } of proposals.body.items) {
    const who = supporters[offers.findIndex((one) => one.offerId === offerId)];
    const words = Object.entries(terms).map(([term, points]) => `${term} ${points}`);
    story.tell(`${who}: ${weeks[0]?.minutes} minutes a week, score ${score} (${words.join(', ')})`);
  }
  const proposed = proposals.body.items.map(({ offerId }) => offerId).sort();
  story.check(
    'It proposes the two that fit, each with every term of its score',
    proposed.join() === [first.offerId, second.offerId].sort().join(),
    proposals.body,
  );
  const unserved = await coordinator.get<Page<Unserved>>(`${MATCHING}/rounds/${roundId}/unserved`);
  const miss = unserved.body.items[0]?.nearestMisses.find(({ offerId }) => offerId === third.offerId);
  story.check(
    `Not all is served (${unserved.body.items[0]?.reason}); the nearest miss is ${supporters[2]}: it lacks ${miss?.change}`,
    miss?.lacks === 'SKILLS_THERE',
    unserved.body,
  );

  story.chapter('A machine proposes, people confirm');
  const toAccept = await proposalFor(coordinator, needId, first.offerId);
  const early = await first.client.post<Allocation>(`${MATCHING}/allocations/${toAccept.allocationId}/acceptance`, {});
  story.check(`${supporters[0]} accepts, which alone starts nothing`, early.body.stage === 'proposed', early.body);
  const both = await needy.post<Allocation>(`${MATCHING}/allocations/${toAccept.allocationId}/acceptance`, {});
  story.check(`${helping} accepts too: it starts`, both.body.stage === 'started', both.body);
  const toDecline = await proposalFor(coordinator, needId, second.offerId);
  const declined = await second.client.post(`${MATCHING}/allocations/${toDecline.allocationId}/refusal`, {
    reasonCode: 'no-time',
  });
  story.check(`${supporters[1]} declines, with its reason`, declined.status === 204, declined.body);
  const withdrawn = await second.client.post(`${MATCHING}/offers/${second.offerId}/withdrawal`, {
    reasonCode: 'no-longer',
  });
  story.check('and withdraws its offer', withdrawn.status === 204, withdrawn.body);

  const better = { ...third.facts, skills: [{ key: 'counselling', level: 4 }] };
  const revised = await third.client.put<Problem>(`${MATCHING}/offers/${third.offerId}`, better);
  story.check(`${supporters[2]} sends somebody with more experience`, revised.status === 204, revised.body);
  await coordinator.get(`${MATCHING}/offers`, after(revised));
  const again = await round(story, coordinator);
  const rematch = await coordinator.get<Page<Proposal>>(`${MATCHING}/rounds/${again}/proposals?needId=${needId}`);
  story.check(
    `Another round proposes ${supporters[2]} for what is still lacking`,
    rematch.body.items.map(({ offerId }) => offerId).join() === third.offerId,
    rematch.body,
  );
  const allocationId = await deliveredHours(story, cast, needy, first.client);
  return { roundId, allocationId };
}

async function shortage(story: Story, coordinator: ApiClient, needy: ApiClient): Promise<string> {
  story.chapter('A municipality at its limit needs help');
  const skill = { key: 'counselling', nameDe: 'Beratung', nameEn: 'Counselling' };
  const added = await coordinator.post(`${MATCHING}/skills`, skill);
  story.check('A skill is added to the list by which offers and needs find each other', added.status === 201, added);
  await coordinator.get(`${MATCHING}/skills`, after(added));
  const facts = {
    ...{ ...need(), minutesPerWeek: 600, from: day(7), until: day(34), neededBy: day(10) },
    mustSkills: [{ key: 'counselling', level: 3 }],
  };
  const wrong = { ...facts, until: day(1), mustSkills: [{ key: 'juggling', level: 1 }], regionKey: '16999999' };
  const refused = await needy.post<Problem>(`${MATCHING}/needs`, wrong);
  const named = refused.body.errors?.map(({ field }) => field).join(', ');
  story.check(
    `A window that ends before it begins, an unknown skill, no region: ${named}`,
    refused.status === 400,
    refused,
  );
  const opened = await needy.post<{ needId: string }>(`${MATCHING}/needs`, facts);
  story.check(`${helping} asks for ten hours a week of counselling in Munich`, opened.status === 201, opened.body);
  const { needId } = opened.body;
  const urgent = await coordinator.post(`${MATCHING}/needs/${needId}/priority`, {
    ...{ severity: 3, reasonCode: 'shortage' },
  });
  story.check('The region is short of it: a coordinator puts it first', urgent.status === 204, urgent.body);
  await coordinator.get(`${MATCHING}/needs`, after(urgent));
  return needId;
}

async function threeOffers(story: Story, cast: Cast, ids: ReadonlyMap<string, string>) {
  const publish = async (name: (typeof supporters)[number], minutesPerWeek: number, level: number) => {
    const client = await cast.representativeOf(idOf(ids, name));
    const facts = { ...offer(), minutesPerWeek, skills: [{ key: 'counselling', level }], from: day(0), until: day(90) };
    const published = await client.post<{ offerId: string }>(`${MATCHING}/offers`, facts);
    const words = `${name} offers ${minutesPerWeek} minutes a week, counselling at level ${level}`;
    story.check(words, published.status === 201, published.body);
    await cast.coordinator.get(`${MATCHING}/offers`, after(published));
    return { client, facts, offerId: published.body.offerId };
  };
  return [
    await publish(supporters[0], 300, 4),
    await publish(supporters[1], 180, 3),
    await publish(supporters[2], 240, 1),
  ] as const;
}

/** Runs a round to its end. */
async function round(story: Story, coordinator: ApiClient): Promise<string> {
  const requested = await coordinator.post<{ roundId: string }>(`${MATCHING}/rounds`, { weeks: 6 });
  const { roundId } = requested.body;
  const solved = await askUntil(
    () => coordinator.get<Round>(`${MATCHING}/rounds/${roundId}`, after(requested)),
    ({ body }) => body.status !== 'running',
  );
  const { needs, offers, solution, status } = solved.body;
  const gap = solution?.weeks.reduce((sum, week) => sum + week.gap, 0);
  story.check(
    `A round over ${needs} need(s) and ${offers} offers ends with ${solution?.proposals} proposal(s), ${gap} from the best`,
    status === 'solved' && gap === 0,
    solved.body,
  );
  return roundId;
}

/** What the round has proposed to both sides, once the offer holds its minutes. */
async function proposalFor(coordinator: ApiClient, needId: string, offerId: string): Promise<Allocation> {
  const path = `${MATCHING}/allocations?needId=${needId}&offerId=${offerId}`;
  const found = await askUntil(
    () => coordinator.get<Page<Allocation>>(path),
    ({ body }) => body.items[0]?.securedAt !== undefined,
  );
  const [allocation] = found.body.items;
  if (allocation === undefined) throw new Error(`Nothing was proposed of the offer ${offerId}.`);
  return allocation;
}

/** Of this very week, so that they can be told of: proposed by hand, accepted, disputed, agreed on. */
async function deliveredHours(story: Story, cast: Cast, needy: ApiClient, supporter: ApiClient): Promise<string> {
  story.chapter('Hours, in the words of both sides');
  const { coordinator } = cast;
  const today = berlinDayOf(new Date().toISOString());
  const week = weekOf(today);
  const until = day(7);
  const asked = { ...need(), minutesPerWeek: 840, from: today, until, neededBy: today, mustSkills: [] };
  const opened = await needy.post<{ needId: string }>(`${MATCHING}/needs`, asked);
  const given = {
    ...offer(),
    minutesPerWeek: 840,
    from: mondayOf(week),
    until: mondayOf(addWeeks(week, 2)),
    skills: [],
  };
  const published = await supporter.post<{ offerId: string }>(`${MATCHING}/offers`, given);
  const allocated = await coordinator.post<Allocation>(`${MATCHING}/allocations`, {
    ...{ offerId: published.body.offerId, needId: opened.body.needId, weeks: [{ from: week, to: week, minutes: 120 }] },
  });
  story.check('A coordinator proposes two hours of this week by hand', allocated.status === 201, [
    ...[opened.body, published.body, allocated.body],
  ]);
  const path = `${MATCHING}/allocations/${allocated.body.allocationId}`;
  await supporter.post(`${path}/acceptance`, {});
  await needy.post(`${path}/acceptance`, {});
  await supporter.post(`${path}/hours`, { week, minutes: 120 });
  const disputed = await needy.post(`${path}/hours`, { week, minutes: 90 });
  const seen = async (answer: Answer<unknown>) => (await coordinator.get<Allocation>(path, after(answer))).body;
  const open = await seen(disputed);
  story.check('One side says 120 minutes, the other 90: all can see that', open.isDisputed, open);
  const agreed = await seen(await supporter.post(`${path}/hours`, { week, minutes: 90 }));
  story.check(
    `They agree on ${agreed.deliveredMinutes} minutes: it is ${agreed.stage}`,
    agreed.stage === 'delivered' && agreed.deliveredMinutes === 90,
    agreed,
  );
  const kpi = await coordinator.get<{ offered: number; delivered: number }>(
    `${MATCHING}/figures/kpi?fromWeek=${week}&toWeek=${week}`,
  );
  const { offered, delivered } = kpi.body;
  story.check(`Of ${offered} minutes offered this week ${delivered} are delivered`, delivered === 90, kpi.body);
  return allocated.body.allocationId;
}

function need() {
  return {
    ...{ niceSkills: [], languages: [{ tag: 'uk', level: 'B1' }], fieldKeys: ['orientation'], regionKey: '09162000' },
    ...{ isRemotePossible: false, severity: 2, strain: 'overloaded', peoplePerHelper: 40 },
    ...{ requiredQualifications: [], excludedOrganisationIds: [] },
  };
}

function offer() {
  return {
    ...{ languages: [{ tag: 'uk', level: 'C1' }], fieldKeys: ['orientation'], regionKeys: ['09000000'] },
    ...{ isRemotePossible: false, seats: 2, leadTimeDays: 0, excludedOrganisationIds: [] },
  };
}
