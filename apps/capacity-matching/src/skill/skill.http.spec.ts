import { auditor } from '@alliance/service-world';
import { coordinator, MatchingWorld, representativeOf } from '../capacity-matching.given';
import { skillEvents } from './skill.events';

let world: MatchingWorld;
beforeAll(async () => {
  world = await MatchingWorld.start();
});
afterAll(() => world.stop());

const representative = representativeOf('5f0c1c44-0c0f-4b8e-8f6e-0d3a6f3d9a01');

describe('The list of skills', () => {
  it('is kept by coordinators, read by representatives, paged, sorted and searched', async () => {
    const added = await world.post(
      '/skills',
      { key: 'social-work', nameDe: 'Sozialarbeit', nameEn: 'Social work' },
      coordinator,
    );
    expect(added).toMatchObject({ status: 201, body: { key: 'social-work' } });
    await world.post('/skills', { key: 'driving', nameDe: 'Fahren', nameEn: 'Driving' }, coordinator);
    const retired = await world.post('/skills/driving/retirement', {}, coordinator);
    expect(retired.status).toBe(204);

    const first = await world.getAfter(retired, '/skills?sort=-nameEn&limit=1', representative);
    expect(first.body.items).toEqual([
      { key: 'social-work', nameDe: 'Sozialarbeit', nameEn: 'Social work', isRetired: false },
    ]);
    const next = await world.get(`/skills?sort=-nameEn&limit=1&cursor=${first.body.nextCursor}`, representative);
    expect(next.body).toMatchObject({ items: [{ key: 'driving', isRetired: true }] });
    expect(next.body.nextCursor).toBeUndefined();
    const found = await world.get('/skills?search=OZIAL', auditor);
    expect(found.body.items).toHaveLength(1);
    expect((await world.get('/skills?search=%25&retired=false', auditor)).body.items).toEqual([]);
    expect((await world.events(skillEvents, 'driving')).map(({ type }) => type)).toEqual([
      'SkillAdded',
      'SkillRetired',
    ]);
  });

  it('refuses what is wrong, and names it', async () => {
    const wrong = await world.post('/skills', { key: 'Social Work', nameDe: '', nameEn: 'x', level: 3 }, coordinator);
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['key', 'level', 'nameDe']);
    expect((await world.post('/skills/nothing/retirement', {}, coordinator)).status).toBe(404);
    const skill = { key: 'cooking', nameDe: 'Kochen', nameEn: 'Cooking' };
    expect((await world.post('/skills', skill, representative)).status).toBe(403);
    expect((await world.post('/skills', skill, coordinator)).status).toBe(201);
    expect(await world.post('/skills', skill, coordinator)).toMatchObject({
      status: 409,
      body: { code: 'SKILL_KEY_TAKEN' },
    });
  });
});
