import { setTimeout as sleep } from 'node:timers/promises';
import { allFrom } from '../organisation/merge.given';
import { checks } from '../organisation/organisation.given';
import { type Answer } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { duplicateCandidateEvents } from './duplicate-candidate.events';
import { candidateIdOf } from './duplicate-detection.reactor';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const operatingSince = '1994-04-01';
async function member(name: string, more: object = {}): Promise<string> {
  const facts = { name, kind: 'civil-society', operatingSince, identifiers: [], fieldKeys: [], ...more };
  const { organisationId: id } = (await world.post('/organisations', facts, representative)).body;
  await world.post(`/organisations/${id}/verification`, { checks }, coordinator);
  expect((await world.post(`/organisations/${id}/admission`, undefined, coordinator)).status).toBe(204);
  return id;
}
async function merge(id: string, into: string, side: 'survivor' | 'absorbed' = 'survivor') {
  const wish = { into, factsFrom: allFrom(side), reasonCode: 'duplicate' };
  const merged = await world.post(`/organisations/${id}/merge`, wish, coordinator);
  expect(merged.status).toBe(204);
  await world.getAfter(merged, `/organisations/${id}`, coordinator);
  return merged;
}
async function undo(id: string) {
  const undone = await world.post(`/organisations/${id}/merge-undo`, { reasonCode: 'mistaken' }, otherCoordinator);
  expect(undone.status).toBe(204);
  await world.getAfter(undone, `/organisations/${id}`, coordinator);
  return undone;
}
const typesOf = async (id: string) => (await world.events(duplicateCandidateEvents, id)).map(({ type }) => type);
const list = async (query: string) => (await world.get(`/duplicate-candidates?${query}`, coordinator)).body.items;
const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
const show = async (id: string) => (await world.get(`/duplicate-candidates/${id}`, coordinator)).body;

/** The pair's candidate, as soon as its stream ends with this. */
async function candidateAfter(one: string, other: string, type: string): Promise<string> {
  const id = candidateIdOf([one, other]);
  while ((await typesOf(id)).at(-1) !== type) await sleep(20);
  while ((await show(id)).revision !== String((await typesOf(id)).length - 1)) await sleep(20);
  return id;
}
const suspectedPair = (one: string, other: string) => candidateAfter(one, other, 'DuplicateSuspected');

describe('duplicates and their merge', () => {
  it('a pair that is merged is confirmed, and open again after the undo', async () => {
    const [goes, stays] = [await member('Hafenlotsen Stade'), await member('Hafenlotsen Stade e.V.')];
    const id = await suspectedPair(goes, stays);
    await merge(goes, stays);
    await candidateAfter(goes, stays, 'DuplicateConfirmed');
    expect(await show(id)).toMatchObject({ status: 'confirmed', decidedAt: expect.any(String) });
    expect((await show(id)).organisations).toContainEqual({
      id: goes,
      name: 'Hafenlotsen Stade',
      stage: 'merged',
      countsAs: { id: stays, name: 'Hafenlotsen Stade e.V.' },
    });
    expect(await list(`organisation=${stays}&status=suspected`)).toEqual([]);
    expect(idsOf(await list(`organisation=${stays}&status=confirmed`))).toEqual([id]);
    const dismissal = { reasonCode: 'different-organisations' };
    const refused = await world.post(`/duplicate-candidates/${id}/dismissal`, dismissal, coordinator);
    expect([refused.status, refused.body.code]).toEqual([409, 'DUPLICATE_MERGED']);

    await undo(goes);
    await candidateAfter(goes, stays, 'DuplicateReopened');
    const [open] = await list(`organisation=${stays}&status=suspected`);
    expect(open).toMatchObject({ id, status: 'suspected' });
    expect(open.decidedAt).toBeUndefined();
    expect((await world.post(`/duplicate-candidates/${id}/dismissal`, dismissal, coordinator)).status).toBe(204);
  });

  it('what was suspected of the merged one follows it to the surviving one, until that counts as one with the third', async () => {
    const [a, b, c] = [
      await member('Mühlenhilfe Plön', { website: 'https://muehlenhilfe.example' }),
      await member('Ganz anderer Name'),
      await member('Muehlenhilfe Ploen', { website: 'https://www.muehlenhilfe.example/start' }),
    ];
    const id = await suspectedPair(a, c);
    await merge(a, b);
    const [followed] = await list(`organisation=${b}&status=suspected`);
    expect(followed).toMatchObject({ id, status: 'suspected' });
    expect(followed.organisations).toContainEqual(
      expect.objectContaining({ id: a, countsAs: { id: b, name: 'Ganz anderer Name' } }),
    );

    await merge(c, b);
    expect(await list(`organisation=${b}&status=suspected`)).toEqual([]);
    expect(idsOf(await list(`organisation=${b}&status=confirmed`))).toEqual([id]);
    expect((await show(id)).status).toBe('confirmed');
    await undo(c);
    expect(idsOf(await list(`organisation=${c}&status=suspected`))).toEqual([id]);
    await undo(a);
    expect(await list(`organisation=${b}`)).toEqual([]);
    expect((await show(id)).status).toBe('suspected');
  });

  it('newcomers are compared with the surviving one by its facts, not with the merged one, until the undo', async () => {
    const website = 'https://windlicht-husby.example';
    const [goes, stays] = [await member('Windlicht Husby e.V.', { website }), await member('Sprachtandem am Moor')];
    const alikeAfter = async ({ headers }: Answer) => {
      const seen = { 'min-position': headers.get('alliance-position') ?? '' };
      const name = 'Windlicht, Verein Husby';
      const check = await world.post('/duplicate-checks', { name, website }, coordinator, seen);
      return check.body.likelyDuplicates.map((one: { organisationId: string }) => one.organisationId);
    };
    expect(await alikeAfter(await merge(goes, stays, 'absorbed'))).toEqual([stays]);
    const newcomer = await member('Windlicht Husby', { website });
    const id = await suspectedPair(newcomer, stays);
    expect(idsOf(await list(`organisation=${newcomer}`))).toEqual([id]);

    expect(new Set(await alikeAfter(await undo(goes)))).toEqual(new Set([newcomer, goes]));
    expect(await suspectedPair(newcomer, goes)).not.toBe(id);
  });

  it('the surviving one is compared anew when a merge gives it other facts', async () => {
    const website = 'https://anklam-usedom.example';
    const [stays, third] = [await member('Verein zur Förderung'), await member('Brückenschlag Usedom', { website })];
    const goes = await member('Brückenschlag Insel Usedom', { website });
    await suspectedPair(goes, third);
    await merge(goes, stays, 'absorbed');
    await suspectedPair(stays, third);
    expect(await typesOf(candidateIdOf([goes, stays]))).toEqual([]);
  });
});
