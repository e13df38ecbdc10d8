import fc from 'fast-check';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, euros, ids, inLog, steps, theApplication, theCall, who } from '../grant/grant.given';
import { decisionPaper, type RecordedGrantEvent } from './decision-paper';
import { markdown } from './markdown';
import { paragraph } from './paper-blocks';
import { paperPdf } from './paper-pdf.http';
import { textOf } from './pdf-text.given';

const applicantName = 'ГО «Спілка українців Ґданська», їхній фонд';
const names = new Map([[ids.applicant, applicantName]]);
const paperOf = (events: readonly GrantEvent[]) =>
  decisionPaper(ids.grant, inLog(events) as RecordedGrantEvent[], names);
const asOf = new Date('2026-03-20T10:00:00Z');

/** Rows of all tables, cells joined. */
const rowsOf = (events: readonly GrantEvent[]) =>
  paperOf(events).flatMap((block) => (block.kind === 'table' ? block.rows.map((cells) => cells.join(' | ')) : []));

describe('exports: a decision paper per grant', () => {
  const awarded = aGrant({ upTo: 'closed' });

  it('tells what was asked for, recommended and awarded, on which version, by whom and why', () => {
    expect(rowsOf(awarded)).toEqual(
      expect.arrayContaining([
        `Applicant | ${applicantName}`,
        `Call | ${theCall.title}`,
        'Requested | 12,000.00 EUR',
        'Recommended | 10,000.00 EUR',
        'Awarded | 10,000.00 EUR',
        'staff | Beratung | 2026-04-01 to 2026-12-31 | 12,000.00 EUR | 9,000.00 EUR',
        'total |  |  | 15,000.00 EUR | 12,000.00 EUR',
        'own-funds | 3,000.00 EUR',
        'reviewer-1 | 80.00 % | fund',
        'Bedarf (60 %) | reviewer-2 | 7 of 10',
        expect.stringMatching(
          /^1 \| .* UTC \| officer-1 \| approved \| 10,000.00 EUR \| 2 \| Beide Gutachten empfehlen es\.$/,
        ),
        expect.stringMatching(/^1 \| .* UTC \| approver-1 \| approved$/),
        expect.stringMatching(/^1 \| .* UTC \| approver-2 \| approved$/),
        expect.stringMatching(/Awarded: 10,000.00 EUR, on version 1$/),
        expect.stringMatching(/Closed: spent 5,500.00 EUR, returned 500.00 EUR, not paid out 4,000.00 EUR$/),
        'Interest on repayments | 5.00 % from 2022-01-01',
      ]),
    );
  });

  it('tells every version that was proposed, and withdrawn approvals', () => {
    const proposal = aGrant({ upTo: 'recommended' }).at(-1);
    if (proposal?.type !== 'DecisionProposed') throw new Error('The history has other steps.');
    const second = { ...proposal.data, version: 2, amount: euros(8_000), conditions: ['Nur für Räume.'] };
    const withdrawn = { version: 1, withdrawnBy: who.approvers[0] };
    const rows = rowsOf([
      ...aGrant({ upTo: 'recommended' }),
      { type: 'DecisionApprovalWithdrawn', data: withdrawn },
      { type: 'DecisionProposed', data: second },
    ]);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^1 \| .*10,000.00 EUR/),
        expect.stringMatching(/^2 \| .*8,000.00 EUR/),
        expect.stringMatching(/^1 \| .* approver-1 \| withdrew the approval$/),
        '1 | Nur für Räume.',
        'Recommended | 8,000.00 EUR',
        'Awarded | 0.00 EUR',
      ]),
    );
  });

  it('shows double funding and double structures as they were found last', () => {
    const events = aGrant({ upTo: 'in-review' }).map((event): GrantEvent => {
      if (event.type !== 'FormalCheckPassed') return event;
      const terms = { field: 1, region: 1, targetGroup: 0, service: 1 };
      const overlap = {
        structureId: ids.structure,
        name: 'Beratungsstelle',
        organisationId: ids.donor,
        score: 0.62,
        terms,
      };
      const line = { lineKey: 'rent', from: '2026-05-01', to: '2026-06-30', requested: euros(700), stage: 'awarded' };
      const { eligibility } = event.data;
      return {
        ...event,
        data: {
          ...event.data,
          eligibility: {
            ...eligibility,
            structures: { ...eligibility.structures, overlaps: [overlap] },
            doubleFunding: [{ grantId: ids.report, ...line }],
          },
        },
      };
    });
    expect(rowsOf(events)).toEqual(
      expect.arrayContaining([
        `Beratungsstelle | ${ids.donor} | 62 %`,
        `${ids.report} | rent | 2026-05-01 to 2026-06-30 | 700.00 EUR | awarded`,
      ]),
    );
  });

  it('says of conflicts of interest how many and of which kind, never whose', () => {
    const declared = (subject: string): GrantEvent => ({
      type: 'ConflictDeclared',
      data: { subject, kind: 'personal', declaredBy: subject },
    });
    const paper = paperOf([...aGrant({ upTo: 'in-review' }), declared('partial-1'), declared('partial-2')]);
    expect(markdown(paper)).toContain('Declared to have none: 8. Declared a conflict: 2.');
    expect(markdown(paper)).not.toContain('partial-');
  });

  it.each(steps)('can be had of a grant that is %s', (upTo) => {
    expect(markdown(paperOf(aGrant({ upTo })))).toMatch(/^# Decision paper: Beratung in zwei Sprachen\n/);
  });

  it('has its amounts, the decision and Ukrainian names in the PDF, whose bytes are the same each time', async () => {
    const pdf = await paperPdf(paperOf(awarded), asOf);
    const text = textOf(pdf).replaceAll(/\s/g, '');
    const said = ['12,000.00 EUR', '10,000.00 EUR', 'Awarded: 10,000.00 EUR, on version 1', applicantName, 'Räume'];
    for (const words of said) expect(text).toContain(words.replaceAll(/\s/g, ''));
    expect((await paperPdf(paperOf(awarded), asOf)).equals(pdf)).toBe(true);
    expect(pdf.toString('latin1')).toContain('(D:20260320100000Z)');
  });

  it('has every letter that its font has in the PDF, and tells of the others by their numbers', async () => {
    const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const letters = [...codes(0x21, 0x7e), ...codes(0xa1, 0x17f), ...codes(0x400, 0x45f), 0x490, 0x491].filter(
      (code) => code !== 0xad,
    );
    const all = `${String.fromCodePoint(...letters).replaceAll(/(.{8})/g, '$1 ')} –—‘’‚“”„•…€№≤≥`;
    const text = textOf(await paperPdf([paragraph(`${all} 文字 😀`)], asOf)).replaceAll(/\s/g, '');
    expect(text).toContain(all.replaceAll(/\s/g, ''));
    expect(text).toContain('[U+6587][U+5B57][U+1F600]');
  });

  it('leaves nothing in the Markdown that its texts could make markup of', () => {
    const nasty = fc.string({ unit: fc.constantFrom(...'\\`*_{}[]()#+-.!|<>&~$=:@/1 \nawhtps'), maxLength: 40 });
    fc.assert(
      fc.property(nasty, (text) => {
        const line = markdown([{ kind: 'table', head: ['x'], rows: [[text]] }]).split('\n')[2] ?? '';
        const cell = line.slice(2, -2);
        const unescaped = cell.replaceAll(/\\([!-/:-@[-`{-~])/g, '');
        expect(unescaped).not.toMatch(/[\\`*_{}[\]<>|&#~$@]|:\/\/|www\./);
        expect(cell.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(text.replaceAll(/\s+/g, ' ').trim());
      }),
    );
    expect(markdown([paragraph('- one\n1. two\n<b>three</b>\n# four')])).toBe(
      '\\- one  \n1\\. two  \n\\<b\\>three\\</b\\>  \n\\# four\n',
    );
  });

  it('has nothing in it that a summary could smuggle in', () => {
    const summary = '# Awarded: 1,000,000.00 EUR\n\n| a | b |';
    const events = aGrant({ upTo: 'drafted' }).map((event): GrantEvent => {
      if (event.type !== 'ApplicationRevised') return event;
      return { ...event, data: { ...event.data, application: { ...theApplication, summary } } };
    });
    expect(
      markdown(paperOf(events))
        .split('\n')
        .filter((line) => line.startsWith('# ')),
    ).toHaveLength(1);
  });
});
