import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { auditor, type Caller } from '@alliance/service-world';
import type { GrantEvent } from '../grant/grant.events';
import { grantEvents } from '../grant/grant.events';
import { aGrant, ids, type Step } from '../grant/grant.given';
import { coordinator, FundWorld, officer, representative } from '../fund.given';

const funderOrgId = 'DE-CR-RA000220-VR8726';
const analyst: Caller = { subject: 'analyst-1', role: 'analyst' };
let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start({ FUNDER_ORG_ID: funderOrgId, FUNDER_NAME: 'Fonds der Allianz' });
});
afterAll(() => world.stop());

const after = (position: string) => ({ 'min-position': position });

/** Of an applicant of its own, who is called so. */
async function planted(upTo: Step, { applicant = randomUUID(), title = 'Beratung', call = randomUUID() } = {}) {
  const id = randomUUID();
  const events = aGrant({ upTo }).map((event): GrantEvent => {
    if (event.type === 'GrantDrafted') {
      return { ...event, data: { ...event.data, applicantOrganisationId: applicant, callId: call } };
    }
    if (event.type === 'ApplicationRevised' || event.type === 'ApplicationSubmitted') {
      return { ...event, data: { ...event.data, application: { ...event.data.application, title } } } as GrantEvent;
    }
    return event;
  });
  return { id, applicant, call, position: await world.plant(grantEvents, id, events) };
}

describe('exports: 360Giving 1.4 JSON and CSV over HTTP', () => {
  it('gives out what was awarded, to officers, analysts, coordinators and auditors alone', async () => {
    const applicant = randomUUID();
    await world.admit(applicant, {
      name: 'Спілка українців',
      identifiers: [{ scheme: 'lei', number: '529900T8BM49AURSDO55' }],
    });
    await planted('recommended', { applicant });
    const { id, position } = await planted('closed', { applicant, title: 'Fragen an olena@example.org' });
    for (const caller of [officer, analyst, coordinator, auditor]) {
      const { status, body } = await world.get('/exports/360giving.json', caller, after(position));
      expect(status).toBe(200);
      expect(body.version).toBe('1.4');
      const ofApplicant = body.grants.filter(
        ({ recipientOrganization }: { recipientOrganization: { name: string }[] }) =>
          recipientOrganization[0]?.name === 'Спілка українців',
      );
      expect(ofApplicant).toMatchObject([
        {
          id: `${funderOrgId}-${id}`,
          title: 'Fragen an […]',
          amountAwarded: 10_000,
          amountDisbursed: 6_000,
          fundingOrganization: [{ id: funderOrgId, name: 'Fonds der Allianz' }],
          recipientOrganization: [{ id: 'XI-LEI-529900T8BM49AURSDO55', name: 'Спілка українців' }],
        },
      ]);
    }
    for (const path of ['/exports/360giving.json', '/exports/grants.csv']) {
      expect((await world.get(path, representative)).status).toBe(403);
      expect((await world.get(path, undefined)).status).toBe(401);
    }
  });

  it('gives out nothing that breaks the rules of the standard, and names what does', async () => {
    const other = await FundWorld.start({ FUNDER_ORG_ID: funderOrgId });
    try {
      const position = await other.plant(grantEvents, ids.grant, aGrant({ upTo: 'awarded' }));
      const { status, body } = await other.get('/exports/360giving.json', officer, after(position));
      expect([status, body.code]).toEqual([409, 'EXPORT_AGAINST_STANDARD']);
      expect(body.data.faults).toEqual([expect.objectContaining({ field: 'grants[0].recipientOrganization[0].name' })]);
    } finally {
      await other.stop();
    }
  });

  it('lists grants as CSV, filtered and sorted, no cell of which is taken for a formula', async () => {
    const call = randomUUID();
    const applicant = randomUUID();
    await world.admit(applicant, { name: '=cmd|calc' });
    const one = await planted('paid', { call, applicant, title: '=HYPERLINK("http://x")' });
    const two = await planted('submitted', { call, title: '@SUM(A1), "B"' });
    const three = await planted('drafted', { call, title: '+49' });
    const rows = async (query: string): Promise<Record<string, string>[]> => {
      const { status, headers, body } = await world.get(
        `/exports/grants.csv?call=${call}${query}`,
        coordinator,
        after(three.position),
      );
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
      return parse(body, { columns: true });
    };
    expect((await rows('&sort=-awarded'))[0]).toMatchObject({
      ...{ grant_id: one.id, title: `'=HYPERLINK("http://x")`, applicant: "'=cmd|calc", stage: 'paying' },
      ...{ requested: '12000.00', awarded: '10000.00', disbursed: '6000.00', remaining: '4000.00' },
    });
    const found = async (query: string) => (await rows(query)).map(({ grant_id }) => grant_id).sort();
    expect(await found('')).toEqual([one.id, two.id, three.id].sort());
    expect(await found('&stage=submitted')).toEqual([two.id]);
    expect(await found(`&applicant=${applicant}`)).toEqual([one.id]);
    expect(await found('&field=housing')).toEqual([]);
    expect(await found('&within=09000000')).toEqual([one.id, two.id, three.id].sort());
    const refused = await world.get('/exports/grants.csv?stage=done&call=7', coordinator);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['call', 'stage']);
  });

  it('leaves out of the CSV what its reader has a conflict of interest in', async () => {
    const { id, call } = await planted('submitted');
    const partial: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: officer.subject, kind: 'personal', declaredBy: officer.subject },
    };
    const position = await world.plant(grantEvents, randomUUID(), [
      ...aGrant({ upTo: 'drafted' }).map((event) =>
        event.type === 'GrantDrafted' ? { ...event, data: { ...event.data, callId: call } } : event,
      ),
      partial,
    ]);
    const seenBy = async (caller: Caller) => {
      const { body } = await world.get(`/exports/grants.csv?call=${call}`, caller, after(position));
      const rows: Record<string, string>[] = parse(body, { columns: true });
      return rows.map(({ grant_id }) => grant_id);
    };
    expect(await seenBy(officer)).toEqual([id]);
    expect(await seenBy(coordinator)).toHaveLength(2);
  });

  it('gives analysts what was awarded, which is open data, and never what was merely applied for', async () => {
    expect((await world.get('/exports/grants.csv', analyst)).status).toBe(403);
    expect((await world.get('/exports/grants.csv', auditor)).status).toBe(200);
    expect((await world.get('/exports/360giving.json', analyst)).status).toBe(200);
  });

  it('exports in nobody else’s name: without an id of the funder it says which setting is missing', async () => {
    const nameless = await FundWorld.start();
    try {
      const { status, body } = await nameless.get('/exports/360giving.json', officer);
      expect([status, body.code, body.detail]).toEqual([
        409,
        'FUNDER_UNIDENTIFIED',
        expect.stringContaining('FUNDER_ORG_ID'),
      ]);
    } finally {
      await nameless.stop();
    }
  });
});
