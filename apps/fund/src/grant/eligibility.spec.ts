import fc from 'fast-check';
import { eligibilityBlockers, type EligibilityFacts, stopping } from './eligibility';
import { eligible, euros, ids, theApplication, theCall } from './grant.given';

const sound: EligibilityFacts = {
  at: '2026-02-01T10:00:00.000Z',
  call: theCall,
  callIsClosed: false,
  isInTime: false,
  recipient: { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' },
  application: theApplication,
  structure: { ownerId: ids.applicant, hasEnded: false },
  structures: eligible.structures,
  reasoned: [],
  consented: [],
  doubleFunding: [],
  explained: [],
};

const overlap = (score: number, structureId: string = ids.donor) => ({
  structureId,
  name: 'Rechtsberatung Ukraine',
  organisationId: ids.donor,
  organisationName: 'Münchner Tafel',
  score,
  terms: { field: 1, region: 1, targetGroup: 1, service: score },
});
const gate = (score: number): EligibilityFacts['structures'] => ({
  ...eligible.structures,
  overlaps: [overlap(score)],
});
const paidTwice = {
  grantId: ids.grant,
  lineKey: 'rent',
  from: '2026-04-01',
  to: '2026-06-30',
  requested: euros(900),
  stage: 'contracted',
};

type Change = (facts: EligibilityFacts) => Partial<EligibilityFacts>;
const inApplication =
  (more: Partial<typeof theApplication>): Change =>
  ({ application }) => ({ application: application && { ...application, ...more } });
const asking = (units: number): Change =>
  inApplication({
    lines: theApplication.lines.map((line, index) => ({ ...line, requested: euros(index === 0 ? units : 0) })),
  });
const standing =
  (as: EligibilityFacts['recipient']['standing']): Change =>
  ({ recipient }) => ({ recipient: { ...recipient, standing: as } });

/** Each is one fact that is wrong, by what it is wrong in: of one thing only one can be. */
const wrongs: readonly (readonly (readonly [string, Change])[])[] = [
  [
    ['ORGANISATION_NOT_ADMITTED', standing('unknown')],
    ['ORGANISATION_SUSPENDED', standing('suspended')],
    ['ORGANISATION_LEFT', standing('left')],
  ],
  [
    ['CALL_NOT_OPEN_YET', () => ({ at: '2025-12-31T23:59:59.999Z' })],
    ['CALL_CLOSED', () => ({ at: theCall.closesAt })],
    ['CALL_CLOSED', () => ({ callIsClosed: true })],
  ],
  [
    ['STRUCTURE_MISSING', () => ({ structure: undefined })],
    ['STRUCTURE_OF_ANOTHER', () => ({ structure: { ownerId: ids.donor, hasEnded: false } })],
    ['STRUCTURE_ENDED', () => ({ structure: { ownerId: ids.applicant, hasEnded: true } })],
  ],
  [['FIELD_OUTSIDE_CALL', inApplication({ fieldKeys: ['orientation', 'housing'] })]],
  [['REGION_OUTSIDE_CALL', inApplication({ regionKeys: ['09162000', '08111000'] })]],
  [
    ['AMOUNT_BELOW_MINIMUM', asking(999)],
    ['AMOUNT_ABOVE_MAXIMUM', asking(40_001)],
  ],
  [['DOCUMENT_MISSING', inApplication({ documents: [] })]],
  [['DOUBLE_STRUCTURE_REASON', () => ({ structures: gate(0.3) })]],
  [['DOUBLE_FUNDING_UNEXPLAINED', () => ({ doubleFunding: [paidTwice] })]],
];
const codesOf = (facts: EligibilityFacts) => eligibilityBlockers(facts).map(({ code }) => code);

describe('eligibility is a pure function over facts that returns every blocker with code, words, and the date it lapses', () => {
  it('finds nothing in the way when every fact is right', () => {
    expect(eligibilityBlockers(sound)).toEqual([]);
  });

  it('finds for each fact that is wrong exactly its blocker, whatever the others are', () => {
    const some = fc.tuple(...wrongs.map((group) => fc.constantFrom(undefined, ...group)));
    fc.assert(
      fc.property(some, (chosen) => {
        const wrong = chosen.filter((one) => one !== undefined);
        const facts = wrong.reduce((before, [, change]) => ({ ...before, ...change(before) }), sound);
        const blockers = eligibilityBlockers(facts);
        expect(blockers.map(({ code }) => code).sort()).toEqual(wrong.map(([code]) => code).sort());
        for (const { words } of blockers) expect(words).toMatch(/^.{20,1000}$/);
      }),
    );
  });

  it('says on which day it goes away by itself, which only the opening of a call does', () => {
    const early = { ...sound, at: '2025-12-01T00:00:00.000Z' };
    expect(eligibilityBlockers(early)).toMatchObject([{ code: 'CALL_NOT_OPEN_YET', lapsesOn: '2026-01-01' }]);
    const opening = (at: string, opensAt: string) => codesOf({ ...sound, at, call: { ...theCall, opensAt } });
    expect(opening('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z')).toEqual([]);
    expect(opening('2026-01-01T00:00:00.500Z', '2026-01-01T00:00:00.5Z')).toEqual([]);
    expect(opening('2026-01-01T00:00:00.499Z', '2026-01-01T00:00:00.5Z')).toEqual(['CALL_NOT_OPEN_YET']);
    expect(opening('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.001Z')).toEqual(['CALL_NOT_OPEN_YET']);
    expect(opening('2026-01-01T00:00:01Z', '2026-01-01T00:00:00.999Z')).toEqual([]);
  });

  it('judges by the window of the call only until it was submitted within it', () => {
    expect(codesOf({ ...sound, at: theCall.closesAt, callIsClosed: true, isInTime: true })).toEqual([]);
  });

  it('has nothing but the missing application to say of what is not written yet', () => {
    expect(codesOf({ ...sound, application: undefined, structure: undefined })).toEqual(['APPLICATION_INCOMPLETE']);
  });

  it('takes the bounds of the call as included, and names each document that is missing', () => {
    expect(codesOf({ ...sound, ...asking(1_000)(sound) })).toEqual([]);
    expect(codesOf({ ...sound, ...asking(40_000)(sound) })).toEqual([]);
    const call = { ...theCall, requiredDocuments: ['statutes', 'budget', 'register-extract'] };
    const words = eligibilityBlockers({ ...sound, call }).map((one) => `${one.code} ${one.words}`);
    expect(words).toEqual([
      expect.stringMatching(/^DOCUMENT_MISSING .*budget/),
      expect.stringMatching(/^DOCUMENT_MISSING .*register-extract/),
    ]);
  });

  it('takes a structure of the record that survives a merge as the recipient’s own', () => {
    const recipient = { ...sound.recipient, survivorId: ids.donor };
    expect(codesOf({ ...sound, recipient })).toEqual(['STRUCTURE_OF_ANOTHER']);
    expect(codesOf({ ...sound, recipient, structure: { ownerId: ids.donor, hasEnded: false } })).toEqual([]);
  });

  it('asks for a reason and a second person for what is much the same, until both have seen as much', () => {
    const much = { ...sound, structures: gate(0.7) };
    expect(codesOf(much)).toEqual(['DOUBLE_STRUCTURE_REASON', 'DOUBLE_STRUCTURE_CONSENT']);
    expect(codesOf({ ...much, reasoned: [overlap(0.7)] })).toEqual(['DOUBLE_STRUCTURE_CONSENT']);
    expect(codesOf({ ...much, reasoned: [overlap(0.7)], consented: [overlap(0.7)] })).toEqual([]);
    expect(codesOf({ ...much, reasoned: [overlap(0.69)], consented: [overlap(0.69)] })).toEqual([
      'DOUBLE_STRUCTURE_REASON',
      'DOUBLE_STRUCTURE_CONSENT',
    ]);
    expect(codesOf({ ...much, reasoned: [overlap(1, ids.structure)] })).toContain('DOUBLE_STRUCTURE_REASON');
    expect(codesOf({ ...sound, structures: gate(0.29) })).toEqual([]);
  });

  it('is content with evidence of double funding that somebody has given a reason for', () => {
    expect(
      codesOf({ ...sound, doubleFunding: [paidTwice], explained: [{ ...paidTwice, stage: 'submitted' }] }),
    ).toEqual([]);
  });

  it('names what is too much to name by its number, in words that an event can hold', () => {
    const long = (index: number) => ({
      ...overlap(0.8, `00000000-0000-4000-8000-00000000000${index}`),
      name: 'N'.repeat(200),
      organisationName: 'O'.repeat(200),
    });
    const structures = { ...eligible.structures, overlaps: [long(1), long(2), long(3)] };
    const [reason] = eligibilityBlockers({ ...sound, structures });
    expect(reason?.words).toMatch(/and 1 more/);
    expect(reason?.words.length).toBeLessThanOrEqual(1000);
  });

  it('stops a step by what nobody after it does anything about', () => {
    const facts = { ...sound, structures: gate(0.7), doubleFunding: [paidTwice] };
    const stops = (step: Parameters<typeof stopping>[1]) =>
      stopping(eligibilityBlockers(facts), step).map(({ code }) => code);
    expect(stops('submission')).toEqual(['DOUBLE_STRUCTURE_REASON']);
    expect(stops('formal-check')).toEqual(['DOUBLE_STRUCTURE_REASON', 'DOUBLE_STRUCTURE_CONSENT']);
    expect(stops('decision')).toEqual([...stops('formal-check'), 'DOUBLE_FUNDING_UNEXPLAINED']);
  });
});
