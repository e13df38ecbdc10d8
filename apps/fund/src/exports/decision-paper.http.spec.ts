import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditor, type Caller } from '@alliance/service-world';
import { approver, coordinator, FundWorld, officer, representative } from '../fund.given';
import type { GrantEvent } from '../grant/grant.events';
import { grantEvents } from '../grant/grant.events';
import { aGrant, ids } from '../grant/grant.given';
import { textOf } from './pdf-text.given';

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
  await world.admit(ids.applicant, { name: 'Спілка українців' });
});
afterAll(() => world.stop());

/** Of a grant whose reports are due, so that the service adds nothing to it by itself any more. */
async function planted(...more: readonly GrantEvent[]): Promise<string> {
  const id = randomUUID();
  await world.plant(grantEvents, id, [...aGrant({ upTo: 'contracted' }), ...more]);
  while (!(await world.events(grantEvents, id)).some(({ type }) => type === 'ReportDue')) await sleep(20);
  return `/grants/${id}/decision-paper`;
}

describe('exports: a decision paper per grant over HTTP, as Markdown and as PDF', () => {
  it('is for officers, approvers, coordinators and auditors, with the names that the registry has told', async () => {
    const paper = await planted();
    for (const caller of [officer, approver, coordinator, auditor]) {
      const { status, headers, body } = await world.get(`${paper}.md`, caller);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
      expect(body.toString()).toContain('| Applicant | Спілка українців |');
    }
    for (const role of ['reviewer', 'analyst'] as const) {
      expect((await world.get(`${paper}.md`, { subject: 'somebody', role })).status).toBe(403);
    }
    expect((await world.get(`${paper}.pdf`, representative)).status).toBe(403);
    expect((await world.get(`${paper}.pdf`, undefined)).status).toBe(401);
  });

  it('has the same bytes each time, and in them amounts, decision and the Ukrainian name', async () => {
    const paper = await planted();
    const { status, headers, body } = await world.get(`${paper}.pdf`, officer);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const text = textOf(body).replaceAll(/\s/g, '');
    for (const words of ['Спілка українців', 'Awarded: 10,000.00 EUR, on version 1', 'Contract signed on 2026-03-15']) {
      expect(text).toContain(words.replaceAll(/\s/g, ''));
    }
    expect((await world.get(`${paper}.pdf`, auditor)).body.equals(body)).toBe(true);
  });

  it('is closed to who has not declared, or is partial, by the log', async () => {
    const undeclared: Caller = { subject: 'approver-9', role: 'approver' };
    const partial: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: approver.subject, kind: 'personal', declaredBy: approver.subject },
    };
    const paper = await planted(partial);
    for (const form of ['md', 'pdf']) {
      for (const caller of [undeclared, approver]) {
        const { status, body } = await world.get(`${paper}.${form}`, caller);
        expect([status, body.code]).toEqual([403, 'GRANT_CONTENT_CLOSED']);
      }
    }
  });

  it('is not there for a grant that is not there', async () => {
    const { status, body } = await world.get(`/grants/${randomUUID()}/decision-paper.md`, officer);
    expect([status, body.code]).toEqual([404, 'GRANT_UNKNOWN']);
  });
});
