import { randomUUID } from 'node:crypto';
import { addDays, addMonths } from '@alliance/calendar';
import { auditor, type Caller } from '@alliance/service-world';
import { approver, coordinator, officer, representative } from '../fund.given';
import { grantEvents } from '../grant/grant.events';
import { euros, ids } from '../grant/grant.given';
import { ProofWorld, speaker } from './proof-world.given';

let world: ProofWorld;
beforeAll(async () => {
  world = await ProofWorld.start();
});
afterAll(() => world.stop());

const reading = { purpose: 'review-of-report' };
const accepting = { version: 1, disallowed: euros(0) };

/** A grant whose only report is at hand, and what can be done about it. */
async function aReport() {
  const { grantId, reportIds } = await world.paidGrant();
  const report = `/grants/${grantId}/reports/${reportIds[0]}`;
  return {
    grantId,
    reportId: reportIds[0],
    submit: (body: object = world.submission(), by: Caller = speaker) =>
      world.fund.post(`${report}/submission`, body, by),
    giveBack: (body: object, by: Caller = officer) => world.fund.post(`${report}/return`, body, by),
    accept: (body: object = accepting, by: Caller = officer) => world.fund.post(`${report}/acceptance`, body, by),
    disclose: (by: Caller = officer, query = '', body: object = reading) =>
      world.fund.post(`${report}/receipts/disclosure${query}`, body, by),
    show: (by: Caller = officer) => world.fund.get(report, by),
  };
}

describe('proof of use: narrative, numerical proof along the financing plan, receipt list, review', () => {
  it('is due by the terms, submitted, given back, submitted anew and accepted', async () => {
    const { grantId, submit, giveBack, accept, show } = await aReport();
    const dueOn = addMonths(world.projectTo, 6);
    expect((await show()).body).toMatchObject({ kind: 'final', dueOn, stage: 'due', version: 0, overdue: false });
    // 3,000 were planned for rent, and 20 % more are allowed as staff makes up for it: 100 are too much.
    expect((await submit(world.submission(3_700))).status).toBe(204);
    const shown = await show(speaker);
    expect(shown.body).toMatchObject({
      stage: 'under-review',
      version: 1,
      submission: {
        narrative: world.submission().narrative,
        receipts: { count: 2, total: euros(8_700), from: addDays(world.projectFrom, 1), to: world.projectTo },
        numericalProof: {
          lineTolerancePercent: 20,
          spent: euros(8_700),
          disallowed: euros(100),
          lines: [
            { key: 'staff', planned: euros(12_000), spent: euros(5_000), over: euros(0), allowedOver: euros(0) },
            { key: 'rent', planned: euros(3_000), spent: euros(3_700), over: euros(700), allowedOver: euros(600) },
          ],
          otherIncome: { planned: euros(3_000), received: euros(0) },
        },
      },
    });
    const mend = { version: 1, reasonCode: 'incomplete', items: ['narrative'], note: 'Bitte ausführlicher.' };
    expect((await giveBack(mend)).status).toBe(204);
    expect((await show(speaker)).body).toMatchObject({ stage: 'returned', returned: mend });
    expect((await submit()).status).toBe(204);

    const old = await accept();
    expect([old.status, old.body.code, old.body.data]).toMatchObject([
      412,
      'REPORT_VERSION_OUTDATED',
      { seenVersion: 1, presentVersion: 2 },
    ]);
    const accepted = await accept({ version: 2, disallowed: euros(50) });
    expect(accepted.status).toBe(204);
    expect((await show()).body).toMatchObject({
      stage: 'accepted',
      accepted: { spent: euros(5_450), disallowed: euros(50) },
      disbursed: euros(6_000),
      unspent: euros(550),
    });
    const { body } = await world.fund.getAfter(accepted, `/grants/${grantId}/reports?stage=accepted`, auditor);
    expect(body.items).toMatchObject([
      { dueOn, version: 2, receipts: euros(5_500), spent: euros(5_450), disallowed: euros(50), overdue: false },
    ]);
    const again = await submit();
    expect([again.status, again.body.code]).toEqual([409, 'REPORT_WRONG_STAGE']);
  });

  it('is asked for in between where the terms say so', async () => {
    const { grantId } = await world.paidGrant({ interimReportEveryMonths: 3 });
    const { body } = await world.fund.get(`/grants/${grantId}/reports?sort=dueOn`, coordinator);
    expect(body.items).toMatchObject([
      { kind: 'interim', dueOn: addMonths(world.projectFrom, 3), overdue: true },
      { kind: 'interim', dueOn: addMonths(world.projectFrom, 6), overdue: true },
      { kind: 'final', dueOn: addMonths(world.projectTo, 6), overdue: false },
    ]);
    const finals = await world.fund.get(`/grants/${grantId}/reports?kind=final`, coordinator);
    expect(finals.body.items).toHaveLength(1);
    const page = await world.fund.get(`/grants/${grantId}/reports?sort=-dueOn&limit=2`, coordinator);
    const rest = await world.fund.get(
      `/grants/${grantId}/reports?sort=-dueOn&limit=2&cursor=${page.body.nextCursor}`,
      coordinator,
    );
    expect([...page.body.items, ...rest.body.items]).toEqual(body.items.toReversed());
  });

  it('names every fault of a submission', async () => {
    const { grantId, submit } = await aReport();
    const said = world.submission();
    const [staff, rent] = said.receipts;
    const faults = async (changed: object) => {
      const { status, body } = await submit({ ...said, ...changed });
      return [status, ...(body.errors ?? [body.code]).map((fault: { field?: string }) => fault.field ?? fault)];
    };
    const receipts = (...changed: object[]) => ({ receipts: [staff, ...changed.map((one) => ({ ...rent, ...one }))] });
    const amount = (cents: number, currency = 'EUR') => ({ amount: { cents, currency } });
    expect(await faults(receipts(amount(-1), amount(1.5), amount(0)))).toEqual([
      400,
      ...[1, 2, 3].map((row) => `receipts[${row}].amount.cents`),
    ]);
    expect(await faults(receipts(amount(1, 'USD'), { paidOn: '2026-02-30' }, { payee: ' ' }))).toEqual([
      400,
      'receipts[1].amount.currency',
      'receipts[2].paidOn',
      'receipts[3].payee',
    ]);
    expect(await faults({ otherIncome: { cents: -1, currency: 'EUR' }, narrative: '' })).toEqual([
      400,
      'narrative',
      'otherIncome.cents',
    ]);
    const many = Array.from({ length: 5_001 }, () => rent);
    expect(await faults({ receipts: many })).toEqual([400, 'receipts']);

    const before = addDays(world.projectFrom, -1);
    const outside = await submit({ ...said, receipts: [...said.receipts, { ...rent, paidOn: before }] });
    expect([outside.status, outside.body.code, outside.body.data]).toEqual([
      422,
      'RECEIPT_OUTSIDE_PERIOD',
      { from: world.projectFrom, to: world.projectTo, rows: [{ row: 3, paidOn: before }] },
    ]);
    expect(await faults({ lines: [{ key: 'staff', spent: euros(5_500) }] })).toEqual([422, 'PROOF_LINES_DIFFER']);
    expect(await faults({ receipts: [rent] })).toEqual([422, 'PROOF_TOTALS_DIFFER']);
    expect(await world.typesOf(grantId)).not.toContain('ReportSubmitted');
  });

  it('is reviewed by an officer, and by nobody in a part of it', async () => {
    const { grantId, submit, accept, giveBack } = await aReport();
    await submit();
    const mend = { version: 1, reasonCode: 'incomplete', items: [] };
    for (const caller of [speaker, approver, coordinator, auditor]) {
      expect([(await accept(accepting, caller)).status, (await giveBack(mend, caller)).status]).toEqual([403, 403]);
    }
    const submitter: Caller = { subject: speaker.subject, role: 'fund-officer' };
    expect((await accept(accepting, submitter)).body.code).toBe('REPORT_OWN');
    const employed: Caller = { ...officer, organisationId: ids.applicant };
    expect((await accept(accepting, employed)).body.code).toBe('GRANT_CONTENT_CLOSED');
    for (const disallowed of [
      { cents: -1, currency: 'EUR' },
      { cents: 0.5, currency: 'EUR' },
      { cents: 1, currency: 'USD' },
    ]) {
      expect((await accept({ version: 1, disallowed })).status).toBe(400);
    }
    expect((await accept({ version: 1, disallowed: euros(5_501) })).body.code).toBe('DISALLOWED_EXCEEDS_RECEIPTS');
    expect(await world.typesOf(grantId)).not.toContain('ReportAccepted');
  });

  it('is submitted and seen by the recipient, and by no other organisation', async () => {
    const { grantId, reportId, submit, show } = await aReport();
    const other: Caller = { ...representative, organisationId: randomUUID() };
    expect([(await submit(undefined, other)).status, (await show(other)).status]).toEqual([404, 404]);
    expect((await submit(undefined, officer)).status).toBe(403);
    expect((await show(approver)).body.code).toBeUndefined();
    const undeclared: Caller = { subject: 'approver-9', role: 'approver' };
    expect((await show(undeclared)).body.code).toBe('GRANT_CONTENT_CLOSED');
    const nowhere = await world.fund.post(
      `/grants/${grantId}/reports/${randomUUID()}/submission`,
      world.submission(),
      speaker,
    );
    expect([nowhere.status, nowhere.body.code]).toEqual([404, 'REPORT_UNKNOWN']);
    expect((await world.fund.get(`/grants/${randomUUID()}/reports/${reportId}`, officer)).body.code).toBe(
      'GRANT_UNKNOWN',
    );
  });
});

describe('proof of use: rows of the receipts in the vault, totals and a digest in the log', () => {
  it('are given out in time order, after the log knows of it, and are in no event', async () => {
    const { grantId, reportId, submit, disclose } = await aReport();
    await submit();
    const { body } = await disclose();
    const [staff, rent] = world.submission().receipts;
    expect(body).toEqual({
      version: 1,
      receiptsVerified: true,
      items: [
        { row: 2, ...rent },
        { row: 1, ...staff },
      ],
    });
    const events = await world.fund.events(grantEvents, grantId);
    expect(events.at(-1)).toMatchObject({
      type: 'ReceiptsRead',
      data: { reportId, ...reading, readBy: officer.subject },
    });
    const text = JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const personal of ['Größmann', 'Hölzl', 'Honorar', 'Raum im Mai']) expect(text).not.toContain(personal);

    const page = await disclose(speaker, '?sort=row&limit=1');
    expect(page.body.items).toMatchObject([{ row: 1 }]);
    const rest = await disclose(speaker, `?sort=row&limit=1&cursor=${page.body.nextCursor}`);
    expect([rest.body.items, rest.body.nextCursor]).toMatchObject([[{ row: 2 }], undefined]);
    expect((await disclose(speaker, '?line=rent')).body.items).toMatchObject([{ row: 2 }]);
    expect((await world.typesOf(grantId)).filter((type) => type === 'ReceiptsRead')).toHaveLength(4);
  });

  it('are for officers and the recipient to see, for a settled purpose, and not for auditors', async () => {
    const { grantId, submit, disclose } = await aReport();
    expect((await disclose()).body.code).toBe('REPORT_WRONG_STAGE');
    await submit();
    for (const caller of [auditor, approver, coordinator]) expect((await disclose(caller)).status).toBe(403);
    const employed: Caller = { ...officer, organisationId: ids.applicant };
    expect((await disclose(employed)).body.code).toBe('GRANT_CONTENT_CLOSED');
    const curious = await disclose(officer, '', { purpose: 'curiosity' });
    expect([curious.status, curious.body.code]).toEqual([422, 'RECEIPT_PURPOSE_UNKNOWN']);
    expect((await disclose(officer, '', {})).status).toBe(400);
    expect((await disclose(officer, '?sort=payee')).status).toBe(400);
    expect(await world.typesOf(grantId)).not.toContain('ReceiptsRead');
  });

  it('that did not arrive, or were altered, are told, and nothing is accepted on them', async () => {
    const { grantId, reportId, submit, accept, disclose } = await aReport();
    await submit();
    await world.query('UPDATE receipt_row SET cents = cents + 1 WHERE report_id = $1', [reportId]);
    expect((await disclose()).body.receiptsVerified).toBe(false);
    expect((await accept()).body.code).toBe('RECEIPTS_ALTERED');

    // As after a crash between the event and the rows.
    await world.query('DELETE FROM receipt_row WHERE report_id = $1', [reportId]);
    await world.query('UPDATE receipt_list SET version = NULL WHERE report_id = $1', [reportId]);
    const missing = await disclose();
    expect([missing.status, missing.body.code]).toEqual([404, 'RECEIPTS_MISSING']);
    expect((await accept()).body.code).toBe('RECEIPTS_MISSING');
    expect((await submit()).status).toBe(204);
    expect((await world.typesOf(grantId)).filter((type) => type === 'ReportSubmitted')).toHaveLength(1);
    expect((await disclose()).body.receiptsVerified).toBe(true);
    expect((await accept()).status).toBe(204);
  });

  it('can be 5,000', async () => {
    const { submit, disclose, accept } = await aReport();
    const said = world.submission();
    const [staff] = said.receipts;
    const receipts = Array.from({ length: 5_000 }, (_, n) => ({
      ...staff,
      payee: `Empfängerin ${n} mit einem Namen von gewöhnlicher Länge`,
      purpose: `Honorar für die Beratung am ${n}. Tag des Vorhabens`,
      amount: euros(1),
    }));
    const submitted = await submit({ ...said, lines: [{ key: 'staff', spent: euros(5_000) }], receipts });
    expect(submitted.status).toBe(204);
    const { body } = await disclose(officer, '?sort=-row&limit=1');
    expect(body).toMatchObject({ receiptsVerified: true, items: [{ row: 5_000, payee: receipts.at(-1)?.payee }] });
    expect((await accept()).status).toBe(204);
  });
});
