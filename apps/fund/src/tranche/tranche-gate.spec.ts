import { addDays } from '@alliance/calendar';
import fc from 'fast-check';
import { euros, ids, openGate } from '../grant/grant.given';
import type { GateFacts } from './tranche.events';
import { openUntil, trancheBlockers } from './tranche-gate';

const { tranche, recipient, rules } = openGate;
const codes = (facts: Partial<GateFacts>, before: 'check' | 'order' = 'order') =>
  trancheBlockers({ ...openGate, ...facts }, before).map(({ code }) => code);
const exemption = (issuedOn: string) => ({ kind: 'exemption-notice' as const, issuedOn });
const annex = (issuedOn: string) => ({ kind: 'corporate-tax-annex' as const, issuedOn });
const provisional = (issuedOn: string) => ({ kind: 'section-60a-notice' as const, issuedOn });

describe('the day until which an open gate stays open', () => {
  const until = (facts: Partial<GateFacts>) => openUntil({ ...openGate, ...facts });

  it('is the last one on which a proof of tax-exempt status counts', () => {
    expect(until({ taxStatuses: [exemption('2024-06-01')] })).toBe('2029-06-01');
    expect(until({ taxStatuses: [exemption('2021-03-20')] })).toBe('2026-03-20');
    expect(until({ taxStatuses: [exemption('2021-04-01'), annex('2024-06-01')] })).toBe('2029-06-01');
    expect(until({ taxStatuses: [provisional('2024-06-01')] })).toBe('2027-06-01');
  });

  it('is none where it is closed, and where time alone does not close it', () => {
    expect(until({ taxStatuses: [exemption('2021-03-19')] })).toBeUndefined();
    expect(until({ approvals: { needed: 2, standing: 1 } })).toBeUndefined();
    expect(until({ recipientIsPublicBody: true })).toBeUndefined();
  });
});

describe('the tranche gate', () => {
  it('is open when nothing stands in the way', () => {
    expect(trancheBlockers(openGate, 'order')).toEqual([]);
  });

  const each: readonly [string, Partial<GateFacts>][] = [
    ['NOT_CONTRACTED', { stage: 'awarded' }],
    ['GRANT_REVOKED', { stage: 'revoked' }],
    ['GRANT_CLOSED', { stage: 'closed' }],
    ['FOUR_EYES_MISSING', { approvals: { needed: 3, standing: 2 } }],
    ['APPROVER_CONFLICTED', { conflictedApprovers: 1 }],
    ['REPORT_NOT_ACCEPTED', { reports: [{ reportId: ids.report, dueOn: '2026-03-01', accepted: false }] }],
    ['RECIPIENT_SUSPENDED', { recipient: { ...recipient, standing: 'suspended' } }],
    ['RECIPIENT_LEFT', { recipient: { ...recipient, standing: 'left' } }],
    ['RECIPIENT_UNKNOWN', { recipient: { ...recipient, standing: 'unknown' } }],
    ['RECIPIENT_MERGED', { recipient: { ...recipient, survivorId: ids.donor } }],
    ['POT_NOT_COMMITTED', { committed: euros(5_999) }],
    ['TRANCHES_EXCEED_AWARD', { planned: euros(10_001) }],
    ['OUTSIDE_NEED_WINDOW', { tranche: { ...tranche, neededBy: '2026-05-02' } }],
    ['TAX_STATUS_MISSING', { taxStatuses: [] }],
    ['TAX_STATUS_EXPIRED', { taxStatuses: [exemption('2021-03-19')] }],
    ['PROVISIONAL_SUPERSEDED', { taxStatuses: [exemption('2021-03-19'), provisional('2026-01-01')] }],
  ];

  it.each(each)('tells of %s alone when only that stands in the way', (code, facts) => {
    expect(codes(facts)).toEqual([code]);
  });

  it('tells of everything that stands in the way at once', () => {
    const together = {
      stage: 'revoked',
      approvals: { needed: 3, standing: 2 },
      conflictedApprovers: 1,
      recipient: { ...recipient, standing: 'suspended', survivorId: ids.donor },
      committed: euros(0),
      planned: euros(10_001),
      taxStatuses: [],
    } as const satisfies Partial<Record<keyof GateFacts, unknown>>;
    expect(codes({ ...together, taxStatuses: [] })).toEqual([
      'GRANT_REVOKED',
      'FOUR_EYES_MISSING',
      'APPROVER_CONFLICTED',
      'RECIPIENT_SUSPENDED',
      'RECIPIENT_MERGED',
      'POT_NOT_COMMITTED',
      'TRANCHES_EXCEED_AWARD',
      'TAX_STATUS_MISSING',
    ]);
  });

  it('does not ask for approvals at the check', () => {
    expect(codes({ approvals: { needed: 2, standing: 0 } }, 'check')).toEqual([]);
  });

  it('says of each report which one it is', () => {
    const report = (dueOn: string, accepted: boolean) => ({ reportId: ids.report, dueOn, accepted });
    const reports = [report('2026-01-31', false), report('2026-02-28', true), report('2026-03-31', false)];
    expect(trancheBlockers({ ...openGate, reports }, 'order').map(({ words }) => words)).toEqual([
      'The report due on 2026-01-31 has not been accepted.',
      'The report due on 2026-03-31 has not been accepted.',
    ]);
  });

  it('lets be paid again what has come back to the pot', () => {
    const facts = { paid: euros(6_000), returned: euros(500), tranche: { ...tranche, amount: euros(4_000) } };
    expect(codes({ ...facts, committed: euros(9_500) })).toEqual([]);
    expect(codes({ ...facts, committed: euros(9_499) })).toEqual(['POT_NOT_COMMITTED']);
  });

  it('opens so many days before the money is needed, by the plan until it is requested', () => {
    const need = (neededBy: string | undefined, on: string) =>
      trancheBlockers(
        { ...openGate, on, tranche: { amount: euros(1), version: 1, dueOn: '2026-06-01', neededBy } },
        'order',
      );
    expect(need('2026-05-01', '2026-03-19')).toMatchObject([{ lapsesOn: '2026-03-20' }]);
    expect(need('2026-05-01', '2026-03-20')).toEqual([]);
    expect(need(undefined, '2026-03-20')).toMatchObject([{ code: 'OUTSIDE_NEED_WINDOW', lapsesOn: '2026-04-20' }]);
  });
});

const publicLaw = (issuedOn?: string) => ({
  kind: 'public-law-body' as const,
  ...(issuedOn !== undefined && { issuedOn }),
});

describe('the proof of tax-exempt status', () => {
  it.each([
    ['a notice of exemption on its last day', [exemption('2021-03-20')], []],
    ['an annex on its last day', [annex('2021-03-20')], []],
    ['a provisional notice on its last day', [provisional('2023-03-20')], []],
    ['a provisional notice a day later', [provisional('2023-03-19')], ['TAX_STATUS_EXPIRED']],
    ['the newer of two notices', [exemption('2016-01-01'), annex('2022-01-01')], []],
    [
      'a new provisional notice beside an old annex',
      [annex('2020-01-01'), provisional('2026-01-01')],
      ['PROVISIONAL_SUPERSEDED'],
    ],
    ['a notice that is issued later', [exemption('2026-03-21')], ['TAX_STATUS_MISSING']],
    ['an undated notice', [{ kind: 'exemption-notice' as const }], ['TAX_STATUS_MISSING']],
    ['the word of an officer that it is a body of public law', [publicLaw()], ['TAX_STATUS_MISSING']],
    ['the same beside an old notice', [publicLaw('2026-03-01'), exemption('2021-03-19')], ['TAX_STATUS_EXPIRED']],
  ])('judges %s', (_what, taxStatuses, expected) => {
    expect(codes({ taxStatuses: [...taxStatuses] })).toEqual(expected);
  });

  it('is not asked of what the registry tells to be a body of public law', () => {
    expect(codes({ taxStatuses: [], recipientIsPublicBody: true })).toEqual([]);
  });

  it('takes the years from the rules', () => {
    const years = { rules: { ...rules, exemptionNoticeYears: 3, provisionalNoticeYears: 1 } };
    expect(codes({ ...years, taxStatuses: [exemption('2023-03-19')] })).toEqual(['TAX_STATUS_EXPIRED']);
    expect(codes({ ...years, taxStatuses: [provisional('2025-03-19')] })).toEqual(['TAX_STATUS_EXPIRED']);
  });
});

describe('the day on which a blocker lapses', () => {
  const dayAround = (days: number) => fc.integer({ min: -days, max: days }).map((n) => addDays(openGate.on, n));
  const status = fc.record({
    kind: fc.constantFrom('exemption-notice', 'corporate-tax-annex', 'section-60a-notice', 'public-law-body'),
    issuedOn: dayAround(500),
  });
  const facts = fc.record({
    neededBy: dayAround(150),
    taxStatuses: fc.array(status, { maxLength: 4 }),
    years: fc.integer({ min: 0, max: 2 }),
    provisionalYears: fc.integer({ min: 0, max: 2 }),
  });
  /** What two days are compared by: the words for a lacking proof may change while it goes on lacking. */
  const kindOf = (code: string) => (/^(TAX|PROVISIONAL)/.test(code) ? 'tax' : code);

  it('is the first one without it', () => {
    fc.assert(
      fc.property(facts, ({ neededBy, taxStatuses, years, provisionalYears }) => {
        const kindsOn = (on: string) =>
          trancheBlockers(
            {
              ...openGate,
              on,
              tranche: { ...tranche, neededBy },
              taxStatuses,
              rules: { ...rules, exemptionNoticeYears: years, provisionalNoticeYears: provisionalYears },
            },
            'order',
          ).map(({ code, lapsesOn }) => ({ kind: kindOf(code), lapsesOn }));
        for (const { kind, lapsesOn } of kindsOn(openGate.on)) {
          let firstWithout: string | undefined;
          for (let n = 1; n <= 520 && firstWithout === undefined; n += 1) {
            const day = addDays(openGate.on, n);
            if (kindsOn(day).every((one) => one.kind !== kind)) firstWithout = day;
          }
          expect(lapsesOn).toBe(firstWithout);
        }
      }),
      { numRuns: 40 },
    );
  });
});
