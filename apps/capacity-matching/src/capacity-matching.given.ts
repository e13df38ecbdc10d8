import { setTimeout as sleep } from 'node:timers/promises';
import { fieldOfActionAddedV1, regionRecordedV1 } from '@alliance/contracts';
import { type Clock, systemClock } from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import { type Caller, ServiceWorld } from '@alliance/service-world';
import { capacityMatching } from './capacity-matching.module';
import { skillEvents } from './skill/skill.events';

export const coordinator: Caller = { subject: 'coordinator-1', role: 'coordinator' };
/** Speaks for an organisation, and for that only. */
export const representativeOf = (organisationId: string): Caller => ({
  subject: `representative-of-${organisationId}`,
  role: 'representative',
  organisationId,
});

/** Capacity-matching at work. */
export type MatchingWorld = ServiceWorld;
export const MatchingWorld = {
  start: (environment: Readonly<Record<string, string>> = {}, clock: Clock = systemClock): Promise<MatchingWorld> =>
    ServiceWorld.start(capacityMatching, environment, clock),
};

/** What offers and needs of specifications speak of. */
const words = {
  skills: ['counselling', 'translation'],
  fields: ['accommodation', 'orientation'],
  regions: ['09000000', '09162000', '11000000'],
};

/** The service knows the words that specifications speak of: those of the registry by the bus, the skills by its own log. */
export async function teachWords(world: MatchingWorld): Promise<void> {
  for (const key of words.skills) {
    const names = { key, nameDe: key, nameEn: key, addedBy: 'planted' };
    await world.plant(skillEvents, key, [{ type: 'SkillAdded', data: names }]);
  }
  for (const key of words.fields) {
    const data = { key, nameDe: key, nameEn: key, validFrom: '2022-03-01' };
    await world.receive({ contract: fieldOfActionAddedV1, data }, key, 0n);
  }
  for (const key of words.regions) {
    const data = { key, name: key, levels: ['land' as const], validFrom: '2022-01-01' };
    await world.receive({ contract: regionRecordedV1, data }, key, 0n);
  }
  const database = await connectDatabase({ url: world.database.url, entities: [] });
  const known = `SELECT (SELECT count(*) FROM skill) + (SELECT count(*) FROM known_field) + (SELECT count(*) FROM known_region) AS count`;
  const wanted = Object.values(words).flat().length;
  while (Number((await database.query<{ count: string }[]>(known))[0]?.count) < wanted) await sleep(20);
  await database.destroy();
}
