import { plannedReports } from './report-plan';

const project = { projectFrom: '2026-01-31', projectTo: '2026-12-31' };

describe('the reports that a contract brings about', () => {
  it('are the final one, so many months after the project', () => {
    expect(plannedReports(project, { proofDueMonths: 6 }, '2026-01-15')).toEqual([
      { kind: 'final', dueOn: '2027-06-30' },
    ]);
  });

  it('are besides one at the end of each so many months, as long as the project runs', () => {
    const plan = plannedReports(project, { proofDueMonths: 6, interimReportEveryMonths: 5 }, '2026-01-15');
    expect(plan).toEqual([
      { kind: 'interim', dueOn: '2026-06-30' },
      { kind: 'interim', dueOn: '2026-11-30' },
      { kind: 'final', dueOn: '2027-06-30' },
    ]);
    const months = plannedReports(
      { projectFrom: '2026-01-01', projectTo: '2026-04-01' },
      { proofDueMonths: 1, interimReportEveryMonths: 1 },
      '2026-01-01',
    );
    expect(months.map(({ dueOn }) => dueOn)).toEqual(['2026-02-01', '2026-03-01', '2026-05-01']);
  });

  it('are a bounded number, on days that exist, also where the project was said to have no end', () => {
    const terms = { proofDueMonths: 6, interimReportEveryMonths: 1 };
    const endless = plannedReports({ projectFrom: '2026-01-01', projectTo: '9999-12-31' }, terms, '2026-01-01');
    expect(endless).toHaveLength(100);
    expect(endless.at(-1)).toEqual({ kind: 'final', dueOn: '9999-12-31' });
    const late = plannedReports({ projectFrom: '9999-11-15', projectTo: '9999-12-31' }, terms, '2026-01-01');
    expect(late.map(({ dueOn }) => dueOn)).toEqual(['9999-12-15', '9999-12-31']);
  });

  it('are none for months before the contract', () => {
    const plan = plannedReports(project, { proofDueMonths: 6, interimReportEveryMonths: 5 }, '2026-06-30');
    expect(plan.map(({ dueOn }) => dueOn)).toEqual(['2026-11-30', '2027-06-30']);
  });
});
