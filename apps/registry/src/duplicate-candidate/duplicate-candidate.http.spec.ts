import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { handleCommand } from '@alliance/event-store';
import { context } from '../organisation/organisation.given';
import { auditor } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { duplicateCandidate } from './duplicate-candidate.decider';
import { duplicateCandidateEvents } from './duplicate-candidate.events';
import { candidateIdOf } from './duplicate-detection.reactor';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const facts = (name: string, more: object = {}) => ({
  name,
  kind: 'civil-society',
  operatingSince: '1994-04-01',
  identifiers: [],
  fieldKeys: [],
  ...more,
});
const apply = (name: string, more: object = {}, by = representative) =>
  world.post('/organisations', facts(name, more), by);
const idOf = async (application: ReturnType<typeof apply>): Promise<string> => (await application).body.organisationId;
const checks = [
  { checked: 'identity', evidence: { kind: 'register-extract', reference: 'extract', issuedOn: '2026-02-20' } },
];

/** The candidates of an organisation, as soon as there are so many of them. */
async function candidatesOf(organisation: string, atLeast: number, more = '') {
  for (;;) {
    const { status, body } = await world.get(`/duplicate-candidates?organisation=${organisation}${more}`, coordinator);
    expect(status).toBe(200);
    if (body.items.length >= atLeast) return body.items;
    await sleep(20);
  }
}
const typesOf = async (id: string) => (await world.events(duplicateCandidateEvents, id)).map(({ type }) => type);

describe('duplicates, found continuously from the log', () => {
  it('are shown with score and reasons: another spelling of the name, in the same place', async () => {
    const first = await idOf(apply('Übersetzernetz Süd e.V.', { regionKey: '09000000' }));
    const second = await idOf(apply('Uebersetzer-Netz Sued', { regionKey: '09000000' }));
    const [candidate] = await candidatesOf(first, 1);
    expect(candidate).toMatchObject({ id: candidateIdOf([first, second]), status: 'suspected', revision: '0' });
    expect(candidate.score).toBeGreaterThan(0.9);
    expect(candidate.organisations.map(({ id }: { id: string }) => id)).toEqual([first, second].sort());
    expect(candidate.reasons.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['chance', 'name', 'seat']),
    );
    expect((await world.get(`/duplicate-candidates/${candidate.id}`, auditor)).body).toEqual(candidate);
  });

  it('of organisations that apply at the same moment are found, every pair once', async () => {
    const identifiers = [{ scheme: 'vereinsregister', court: 'Aachen', number: 'VR 4711' }];
    const names = ['Lichtblick', 'Hilfe am Westtor', 'Kornblume', 'Runder Tisch'];
    const ids = await Promise.all(names.map((name) => idOf(apply(name, { identifiers }))));
    for (const id of ids) expect(await candidatesOf(id, 3)).toHaveLength(3);
    const [first = '', second = ''] = ids;
    expect(await typesOf(candidateIdOf([first, second]))).toEqual(['DuplicateSuspected']);
  });

  it('are found when an organisation says later by what it is registered', async () => {
    const lei = { scheme: 'lei', number: '529900T8BM49AURSDO55' };
    const first = await idOf(apply('Ankerplatz', { identifiers: [lei] }));
    const second = await idOf(apply('Werkbank Nord'));
    await world.post(`/organisations/${second}/information-request`, { question: 'Which LEI?' }, coordinator);
    await world.post(`/organisations/${second}/information`, { answer: 'This.', identifiers: [lei] }, representative);
    expect((await candidatesOf(second, 1))[0].id).toBe(candidateIdOf([first, second]));
  });

  it('that were dismissed stay dismissed', async () => {
    const first = await idOf(apply('Storchennest Emden'));
    const second = await idOf(apply('Storchennest Emden e.V.'));
    const [{ id }] = await candidatesOf(first, 1);
    const dismissal = { reasonCode: 'different-organisations', note: 'The register has both.' };
    const answer = await world.post(`/duplicate-candidates/${id}/dismissal`, dismissal, coordinator);
    expect(answer.status).toBe(204);
    const [event] = await world.events(duplicateCandidateEvents, id);
    const again = {
      type: 'SuspectDuplicate',
      data: event!.data,
      context: context('registry', { commandId: randomUUID() }),
    };
    await handleCommand(world.store, duplicateCandidate, id, again as never);
    expect(await typesOf(id)).toEqual(['DuplicateSuspected', 'DuplicateDismissed']);
    const shown = await world.getAfter(
      answer,
      `/duplicate-candidates?organisation=${second}&status=dismissed`,
      coordinator,
    );
    expect(shown.body.items).toMatchObject([{ id, ...dismissal, decidedBy: 'coordinator-1', status: 'dismissed' }]);
    expect(
      (await world.get(`/duplicate-candidates?organisation=${second}&status=suspected`, coordinator)).body.items,
    ).toEqual([]);
  });

  it('are dismissed by coordinators only, and not by who applied for one of them', async () => {
    const first = await idOf(apply('Treppenhaus Celle', {}, otherCoordinator));
    await apply('Treppenhaus Celle e.V.');
    const [{ id }] = await candidatesOf(first, 1);
    const dismissal = { reasonCode: 'different-organisations' };
    const by = (caller: typeof coordinator) => world.post(`/duplicate-candidates/${id}/dismissal`, dismissal, caller);
    expect((await by(otherCoordinator)).body.code).toBe('DUPLICATE_DECIDED_BY_APPLICANT');
    expect((await by(representative)).status).toBe(403);
    expect((await by(auditor)).status).toBe(403);
    expect((await world.get('/duplicate-candidates', representative)).status).toBe(403);
    expect((await world.post(`/duplicate-candidates/${randomUUID()}/dismissal`, dismissal, coordinator)).status).toBe(
      404,
    );
  });

  it('are listed by pages, filtered and sorted', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await world.get(`/duplicate-candidates?limit=2&sort=-score${cursor}`, coordinator);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor !== '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(9);
    expect((await world.get('/duplicate-candidates?sort=suspectedAt&minScore=100', coordinator)).status).toBe(200);
    const wrong = await world.get('/duplicate-candidates?sort=name&minScore=101', coordinator);
    expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID_REQUEST']);
  });
});

describe('the check before anyone applies', () => {
  it('shows likely duplicates with score and reasons: everyone to coordinators, members to representatives', async () => {
    const application = await apply('Windrose Husum e.V.', { website: 'https://windrose-husum.example' });
    const { organisationId } = application.body;
    const position = { 'min-position': application.headers.get('alliance-position') ?? '' };
    const stranger = { subject: 'representative-9', role: 'representative' } as const;
    const newcomer = { name: 'Windrose, Verein Husum', website: 'http://www.windrose-husum.example/start' };
    const check = (by: typeof coordinator) => world.post('/duplicate-checks', newcomer, by, position);
    const shown = await check(coordinator);
    expect(shown.status).toBe(200);
    expect(shown.body.likelyDuplicates).toMatchObject([
      { organisationId, name: 'Windrose Husum e.V.', stage: 'applied' },
    ]);
    expect(shown.body.likelyDuplicates[0].reasons.map(({ kind }: { kind: string }) => kind)).toContain('website');
    expect((await check(stranger)).body.likelyDuplicates).toEqual([]);

    await world.post(`/organisations/${organisationId}/verification`, { checks }, coordinator);
    const admission = await world.post(`/organisations/${organisationId}/admission`, undefined, coordinator);
    await world.getAfter(admission, `/organisations/${organisationId}`, coordinator);
    expect((await check(stranger)).body.likelyDuplicates).toMatchObject([{ organisationId, stage: 'admitted' }]);
  });

  it('finds none where there is none, and names what is wrong', async () => {
    const none = await world.post('/duplicate-checks', { name: 'Kleingärtner am Kanal' }, representative);
    expect([none.status, none.body]).toEqual([200, { likelyDuplicates: [] }]);
    const wrong = { name: ' ', identifiers: [{ scheme: 'lei', number: '1' }], regionKey: '50667' };
    const { status, body } = await world.post('/duplicate-checks', wrong, representative);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['name', 'regionKey']);
    const number = { name: 'X', identifiers: [{ scheme: 'lei', number: '1' }] };
    expect((await world.post('/duplicate-checks', number, representative)).body.errors[0].field).toBe('identifiers[0]');
    expect((await world.post('/duplicate-checks', { name: 'X' }, auditor)).status).toBe(403);
  });
});
