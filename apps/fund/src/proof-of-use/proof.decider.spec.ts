import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, euros, ids, who } from '../grant/grant.given';
import {
  accept,
  afterProject,
  decided,
  given,
  independent,
  officer,
  receipts,
  recipient,
  revoked,
  submission,
  upTo,
} from './proof.given';
import type { ProofCommand, SubmitReport } from './proof-commands';

const reportId = ids.report;
const speaker = context(who.representative, ids.applicant, afterProject);
const submit = (changed: Partial<SubmitReport['data']> = {}, by = speaker): ProofCommand => ({
  type: 'SubmitReport',
  data: { ...submission, ...changed },
  context: by,
});
const giveBack = (seenVersion = 1, by = officer): ProofCommand => ({
  type: 'ReturnReport',
  data: { reportId, seenVersion, reasonCode: 'incomplete', items: ['narrative'], ...independent },
  context: by,
});
const remind = (occasion: string): ProofCommand => ({
  type: 'RemindOfReport',
  data: { reportId, occasion },
  context: context('fund', undefined, '2027-07-01T00:00:00.000Z'),
});
describe('reports', () => {
  const plan: ProofCommand = {
    type: 'PlanReports',
    data: { reports: [{ reportId, kind: 'final', dueOn: '2027-06-30' }] },
    context: context('fund.reports-due'),
  };

  it('are due from the contract on, and once', () => {
    expect(upTo('awarded').when(plan)).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    expect(upTo('contracted').when(plan)).toEqual(aGrant({ upTo: 'report-due' }).slice(-1));
    expect(upTo('report-due').when(plan)).toEqual([]);
    expect(given().when(plan)).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
  });

  it('are submitted by the recipient, whatever record it survives as', () => {
    const [submitted] = aGrant({ upTo: 'report-under-review' }).slice(-1);
    expect(upTo('report-due').when(submit())).toEqual([submitted]);
    const ofDonor = context(who.representative, ids.donor, afterProject);
    expect(upTo('report-due').when(submit({}, ofDonor))).toMatchObject({ code: 'GRANT_NOT_YOURS' });
    const merged = { ...recipient, survivorId: ids.donor, since: '2027-01-01T00:00:00.000Z' };
    expect(upTo('report-due').when(submit({ recipient: merged }, ofDonor))).toHaveLength(1);
    expect(upTo('report-due').when(submit({ recipient: merged }))).toMatchObject({ code: 'GRANT_NOT_YOURS' });
    expect(upTo('contracted').when(submit())).toMatchObject({ refused: 'not-found', code: 'REPORT_UNKNOWN' });
  });

  it('are submitted anew as the next version, until one is accepted', () => {
    expect(upTo('report-under-review').when(submit())).toEqual([]);
    expect(upTo('report-under-review').when(submit({ narrative: 'Anders.' }))).toMatchObject([
      { data: { version: 2 } },
    ]);
    const under = aGrant({ upTo: 'report-under-review' });
    expect(given(...under, ...decided(under, giveBack())).when(submit())).toMatchObject([{ data: { version: 2 } }]);
    expect(upTo('report-accepted').when(submit())).toMatchObject({ code: 'REPORT_WRONG_STAGE' });
    expect(upTo('closed').when(submit())).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('are still given of what was paid before the grant was revoked', () => {
    expect(given(...aGrant({ upTo: 'report-due' }), revoked).when(submit())).toHaveLength(1);
  });

  it('hold receipts of the time of the project only, and name every other one', () => {
    const paidOn = (day: string) => ({ line: 'rent', paidOn: day, amount: euros(0) });
    const outside = [...receipts, paidOn('2026-03-31'), paidOn('2026-04-01'), paidOn('2027-01-01')];
    expect(upTo('report-due').when(submit({ receipts: outside }))).toMatchObject({
      refused: 'unprocessable',
      code: 'RECEIPT_OUTSIDE_PERIOD',
      data: {
        from: '2026-04-01',
        to: '2026-12-31',
        rows: [
          { row: 3, paidOn: '2026-03-31' },
          { row: 5, paidOn: '2027-01-01' },
        ],
      },
    });
    const onTheLastDay = [{ line: 'staff', paidOn: '2026-12-31', amount: euros(5_000) }, ...receipts.slice(1)];
    expect(upTo('report-due').when(submit({ receipts: onTheLastDay }))).toHaveLength(1);
    const early = context(who.representative, ids.applicant, '2026-12-01T00:00:00.000Z');
    expect(upTo('report-due').when(submit({}, early))).toMatchObject({
      data: { to: '2026-12-01', rows: [{ row: 1, paidOn: '2026-12-15' }] },
    });
  });

  it('say of each line what its receipts come to', () => {
    const lines = [
      { key: 'staff', spent: euros(5_001) },
      { key: 'rent', spent: euros(499) },
    ];
    expect(upTo('report-due').when(submit({ lines }))).toMatchObject({
      code: 'PROOF_TOTALS_DIFFER',
      data: {
        lines: [
          { key: 'staff', spent: euros(5_001), receipts: euros(5_000) },
          { key: 'rent', spent: euros(499), receipts: euros(500) },
        ],
      },
    });
  });

  it('know the lines of the financing plan only, each once', () => {
    const lines = [
      { key: 'staff', spent: euros(2_500) },
      { key: 'staff', spent: euros(2_500) },
      { key: 'travel', spent: euros(500) },
    ];
    expect(upTo('report-due').when(submit({ lines }))).toMatchObject({
      code: 'PROOF_LINES_DIFFER',
      data: { known: ['staff', 'rent'], unknown: ['travel'], repeated: ['staff'], rows: [{ row: 2, line: 'rent' }] },
    });
  });

  it('are in the currency of the grant', () => {
    const dollars = { cents: 1, currency: 'USD' } as unknown as ReturnType<typeof euros>;
    expect(upTo('report-due').when(submit({ otherIncome: dollars }))).toMatchObject({
      code: 'MONEY_CURRENCY_DIFFERS',
      data: { expected: 'EUR', fields: ['otherIncome'] },
    });
  });
});

describe('the review of a report', () => {
  it('accepts what was spent less what is disallowed, with where the plan was not kept to', () => {
    expect(upTo('report-under-review').when(accept())).toEqual(aGrant({ upTo: 'report-accepted' }).slice(-1));
    const over = decided(
      aGrant({ upTo: 'report-due' }),
      submit({
        lines: [{ key: 'rent', spent: euros(3_601) }],
        receipts: [{ line: 'rent', paidOn: '2026-05-01', amount: euros(3_601) }],
      }),
    );
    expect(given(...aGrant({ upTo: 'report-due' }), ...over).when(accept({ disallowed: euros(1) }))).toMatchObject([
      {
        data: {
          spent: euros(3_600),
          disallowed: euros(1),
          deviations: [{ key: 'rent', planned: euros(3_000), spent: euros(3_601) }],
        },
      },
    ]);
    expect(upTo('report-under-review').when(accept({ disallowed: euros(5_501) }))).toMatchObject({
      code: 'DISALLOWED_EXCEEDS_RECEIPTS',
    });
  });

  it('is of the version that holds', () => {
    const anew = decided(aGrant({ upTo: 'report-under-review' }), submit({ narrative: 'Anders.' }));
    const resubmitted = given(...aGrant({ upTo: 'report-under-review' }), ...anew);
    for (const judge of [accept(), giveBack()]) {
      expect(resubmitted.when(judge)).toMatchObject({
        refused: 'outdated',
        code: 'REPORT_VERSION_OUTDATED',
        data: { seenVersion: 1, presentVersion: 2 },
      });
    }
    expect(resubmitted.when(accept({ seenVersion: 2 }))).toHaveLength(1);
    expect(upTo('report-due').when(accept({ seenVersion: 0 }))).toMatchObject({ code: 'REPORT_WRONG_STAGE' });
  });

  it('is by nobody who submitted any version, nor by who has a conflict of interest', () => {
    const submitter = context(who.representative, undefined, afterProject);
    const conflict: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: who.officer, kind: 'personal', declaredBy: who.officer },
    };
    for (const judge of [(by: typeof officer) => accept({}, by), (by: typeof officer) => giveBack(1, by)]) {
      expect(upTo('report-under-review').when(judge(submitter))).toMatchObject({ code: 'REPORT_OWN' });
      const employed = context(who.officer, ids.donor, afterProject);
      expect(upTo('report-under-review').when(judge(employed))).toMatchObject({
        code: 'PROOF_CONFLICTED',
      });
      expect(given(...aGrant({ upTo: 'report-under-review' }), conflict).when(judge(officer))).toMatchObject({
        refused: 'forbidden',
        code: 'PROOF_CONFLICTED',
      });
    }
  });

  it('is not by who submitted a version before that of somebody else', () => {
    const under = aGrant({ upTo: 'report-under-review' });
    const another = context(who.draftsOnly, ids.applicant, afterProject);
    const resubmitted = given(...under, ...decided(under, submit({ narrative: 'Anders.' }, another)));
    for (const subject of [who.representative, who.draftsOnly]) {
      const by = context(subject, undefined, afterProject);
      expect(resubmitted.when(accept({ seenVersion: 2 }, by))).toMatchObject({ code: 'REPORT_OWN' });
    }
  });

  it('rests on the rows that were submitted', () => {
    expect(upTo('report-under-review').when(accept({ digestHeld: 'b'.repeat(64) }))).toMatchObject({
      code: 'RECEIPTS_ALTERED',
    });
    expect(upTo('report-under-review').when(accept({ digestHeld: undefined }))).toMatchObject({
      refused: 'conflict',
      code: 'RECEIPTS_MISSING',
    });
  });
});

describe('receipts', () => {
  const read = (by = officer, purpose = 'review-of-report'): ProofCommand => ({
    type: 'ReadReceipts',
    data: { reportId, purpose, permittedPurposes: ['review-of-report'], recipient, ...independent },
    context: by,
  });

  it('are read by the recipient and by who has no conflict of interest, each time with a record', () => {
    const recorded = [
      { type: 'ReceiptsRead', data: { reportId, purpose: 'review-of-report', readBy: who.officer } },
    ] as const;
    expect(upTo('report-under-review').when(read())).toEqual(recorded);
    expect(given(...aGrant({ upTo: 'closed' }), ...recorded).when(read())).toEqual(recorded);
    expect(upTo('report-under-review').when(read(speaker))).toHaveLength(1);
    expect(upTo('report-under-review').when(read(context(who.officer, ids.donor)))).toMatchObject({
      code: 'PROOF_CONFLICTED',
    });
    expect(upTo('report-due').when(read())).toMatchObject({ code: 'REPORT_WRONG_STAGE' });
    const curious = upTo('report-under-review').when(read(officer, 'curiosity'));
    expect(curious).toMatchObject({ code: 'RECEIPT_PURPOSE_UNKNOWN' });
    expect(JSON.stringify(curious)).not.toContain('curiosity');
  });
});

describe('the retention of receipts', () => {
  const end = (endedOn: string, years: number): ProofCommand => ({
    type: 'EndReceiptRetention',
    data: { reportId, endedOn, years },
    context: context('fund', undefined, '2037-10-01T00:00:00.000Z'),
  });

  it('ends when the grant has been closed for so many years, and nothing is read from then on', () => {
    const closed = aGrant({ upTo: 'closed' });
    expect(given(...closed).when(end('2027-10-02', 10))).toEqual([]);
    const ended = decided(closed, end('2027-10-01', 10));
    expect(ended).toEqual([{ type: 'ReceiptErasureDecided', data: { reportId, endedOn: '2027-10-01', years: 10 } }]);
    const after = given(...closed, ...ended);
    expect(after.when(end('2027-10-01', 10))).toEqual([]);
    const purpose = { purpose: 'audit', permittedPurposes: ['audit'] };
    expect(
      after.when({ type: 'ReadReceipts', data: { reportId, ...purpose, recipient, ...independent }, context: officer }),
    ).toMatchObject({ refused: 'conflict', code: 'RECEIPTS_ERASED' });
    expect(upTo('repaid').when(end('2020-01-01', 1))).toEqual([]);
    const ofRevoked = given(...aGrant({ upTo: 'report-under-review' }), revoked);
    expect(ofRevoked.when(end('2027-10-01', 10))).toHaveLength(1);
  });
});

describe('reminders of a report', () => {
  it('come once for each occasion, in order, and of what is waited for only', () => {
    const [first] = ['2027-05-31'];
    const once = decided(aGrant({ upTo: 'report-due' }), remind(first));
    expect(once).toEqual([{ type: 'ReportReminded', data: { reportId, occasion: first } }]);
    const reminded = given(...aGrant({ upTo: 'report-due' }), ...once);
    expect(reminded.when(remind(first))).toEqual([]);
    expect(reminded.when(remind('2027-05-30'))).toEqual([]);
    expect(reminded.when(remind('2027-07-01'))).toHaveLength(1);
    expect(reminded.when(remind('2027-07-02'))).toEqual([]);
    for (const step of ['report-under-review', 'report-accepted', 'closed'] as const) {
      expect(upTo(step).when(remind('2027-07-01'))).toEqual([]);
    }
    const closed = [...aGrant({ upTo: 'report-due' }), ...aGrant({ upTo: 'closed' }).slice(-1)];
    expect(given(...closed).when(remind('2027-07-01'))).toEqual([]);
    const under = aGrant({ upTo: 'report-under-review' });
    expect(given(...under, ...decided(under, giveBack())).when(remind('2027-07-01'))).toHaveLength(1);
  });
});
