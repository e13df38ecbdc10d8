import { given } from '@alliance/event-sourcing';
import { structure, type StructureCommand } from './structure.decider';
import {
  advice,
  confirmed,
  context,
  doubled,
  ended,
  free,
  halfway,
  organisationId,
  proposed,
  reason,
  recorded,
  structureId,
} from './structure.given';

type RecordData = Extract<StructureCommand, { type: 'RecordStructure' }>['data'];
type ReviseData = Extract<StructureCommand, { type: 'ReviseStructure' }>['data'];

const own = context('representative-1', organisationId);
const stranger = context('representative-2', '99999999-9999-4999-8999-999999999999');
const coordinator = context('coordinator-1');
const { decider } = structure;

const record = (more: Partial<RecordData> = {}, by = own): StructureCommand => ({
  type: 'RecordStructure',
  data: {
    structureId,
    organisationId,
    organisationIsMember: true,
    facts: advice,
    minimumOperatingMonths: 12,
    gate: free,
    ...more,
  },
  context: by,
});
const revise = (more: Partial<ReviseData> = {}, by = own): StructureCommand => ({
  type: 'ReviseStructure',
  ownerId: organisationId,
  data: { facts: { ...advice, regionKeys: ['09000000'] }, minimumOperatingMonths: 12, gate: free, ...more },
  context: by,
});
const confirm = (by = coordinator, gate = free, why?: string): StructureCommand => ({
  type: 'ConfirmStructure',
  ownerId: organisationId,
  data: { gate, reason: why },
  context: by,
});
const consent = (by = coordinator, gate = doubled): StructureCommand => ({
  type: 'ConsentToProposal',
  ownerId: organisationId,
  data: { gate },
  context: by,
});
const withdraw = (by = own): StructureCommand => ({
  type: 'WithdrawProposal',
  ownerId: organisationId,
  data: { reasonCode: 'joined-another' },
  context: by,
});
const refused = (code: string) => expect.objectContaining({ code });

describe('recording a structure', () => {
  it('is done by an organisation for itself', () => {
    expect(given(decider, []).when(record())).toEqual([recorded]);
    expect(given(decider, []).when(record({}, stranger))).toEqual(refused('STRUCTURE_NOT_YOURS'));
  });

  it('is done by a coordinator for any organisation, in the name of the coordinator', () => {
    expect(given(decider, []).when(record({}, coordinator))).toMatchObject([{ data: { recordedBy: 'coordinator-1' } }]);
  });

  it('is for organisations that are admitted', () => {
    const command = record({ organisationIsMember: false });
    expect(given(decider, []).when(command)).toEqual(refused('STRUCTURE_ORGANISATION_NOT_ADMITTED'));
  });

  it('is for existing structures: twelve months, or proof of being sustainably set up', () => {
    const since = (operatingSince: string, more: Partial<RecordData> = {}) =>
      given(decider, []).when(record({ facts: { ...advice, operatingSince }, ...more }));
    expect(since('2025-03-01')).toHaveLength(1);
    expect(since('2025-03-02')).toMatchObject({
      code: 'STRUCTURE_TOO_YOUNG',
      data: { minimumOperatingMonths: 12, oldEnoughOn: '2026-03-02' },
    });
    expect(since('2026-03-02')).toEqual(refused('STRUCTURE_NOT_YET_OPERATING'));
    expect(since('2023-02-29')).toEqual(refused('STRUCTURE_NOT_YET_OPERATING'));
    const evidence = { kind: 'annual-report' as const, reference: '2025', issuedOn: '2026-01-15' };
    expect(since('2025-12-01', { sustainablySetUp: evidence })).toHaveLength(1);
    const misdated = { ...evidence, issuedOn: '2026-03-02' };
    expect(since('2025-12-01', { sustainablySetUp: misdated })).toEqual(refused('STRUCTURE_EVIDENCE_MISDATED'));
  });

  it('keeps each key once and in order, and when the capacity was assured', () => {
    const facts = { ...advice, regionKeys: ['09162000', '09000000', '09162000'] };
    expect(given(decider, []).when(record({ facts, capacity: { quantity: 40, unit: 'places' } }))).toMatchObject([
      {
        data: {
          facts: { regionKeys: ['09000000', '09162000'] },
          capacity: { quantity: 40, unit: 'places', assuredAt: '2026-03-01T10:00:00.000Z' },
        },
      },
    ]);
  });

  it('is done once', () => {
    expect(given(decider, [recorded]).when(record())).toEqual(refused('STRUCTURE_ALREADY_RECORDED'));
  });
});

describe('the gate against double structures', () => {
  it('asks for a reason above the first threshold, names what could be joined, and records the reason', () => {
    expect(given(decider, []).when(record({ gate: halfway }))).toMatchObject({
      code: 'STRUCTURE_OVERLAPS',
      detail: expect.stringContaining('join Anwaltliche Sprechstunde of Rechtshilfe München e.V.'),
      data: halfway,
    });
    expect(given(decider, []).when(record({ gate: halfway, reason }))).toMatchObject([
      { type: 'StructureRecorded', data: { gate: halfway, reason } },
    ]);
  });

  it('above the second threshold asks for a reason and then waits for the consent of a second person', () => {
    expect(given(decider, []).when(record({ gate: doubled }))).toEqual(refused('STRUCTURE_OVERLAPS'));
    expect(given(decider, []).when(record({ gate: doubled, reason }))).toEqual([proposed]);
    expect(given(decider, [proposed]).when(consent())).toEqual([
      { type: 'StructureRecorded', data: { ...proposed.data, consentedBy: 'coordinator-1' } },
    ]);
  });

  it('takes the consent of somebody else only, who is not of the organisation', () => {
    const byCoordinator = { ...proposed, data: { ...proposed.data, recordedBy: 'coordinator-1' } } as typeof proposed;
    const interested = refused('STRUCTURE_DECIDED_BY_INTERESTED');
    expect(given(decider, [byCoordinator]).when(consent())).toEqual(interested);
    expect(given(decider, [proposed]).when(consent(context('coordinator-2', organisationId)))).toEqual(interested);
    expect(given(decider, [byCoordinator]).when(consent(context('coordinator-2')))).toHaveLength(1);
  });

  it('takes the consent to what was seen only: not when others overlap since then, or overlap more', () => {
    const [first] = doubled.overlaps;
    const another = { ...first!, structureId: '55555555-5555-4555-8555-555555555555', score: 0.3 };
    const changed = (...overlaps: readonly (typeof another)[]) => ({
      code: 'STRUCTURE_OVERLAPS_CHANGED',
      data: { overlaps },
    });
    const consentTo = (seen: typeof proposed, ...overlaps: (typeof another)[]) =>
      given(decider, [seen]).when(consent(coordinator, { ...doubled, overlaps }));
    expect(consentTo(proposed, first!, another)).toMatchObject(changed(another));
    expect(consentTo(proposed, { ...first!, score: 0.5 })).toHaveLength(1);
    expect(consentTo(proposed)).toHaveLength(1);
    const less = { ...doubled, overlaps: [{ ...first!, score: 0.8 }] };
    const seen = { ...proposed, data: { ...proposed.data, gate: less } } as typeof proposed;
    expect(consentTo(seen, first!)).toMatchObject(changed(first!));
    const revision = given(decider, [recorded]).when(revise({ gate: doubled, reason })) as readonly (typeof recorded)[];
    const waiting = given(decider, [recorded, ...revision]);
    expect(waiting.when(consent(coordinator, { ...doubled, overlaps: [another] }))).toMatchObject(changed(another));
  });

  it('lets a proposal be withdrawn, and then there is nothing to consent to', () => {
    const withdrawn = given(decider, [proposed]).when(withdraw());
    expect(withdrawn).toEqual([{ type: 'ProposalWithdrawn', data: { reasonCode: 'joined-another' } }]);
    const after = given(decider, [proposed, ...(withdrawn as readonly (typeof proposed)[])]);
    expect(after.when(withdraw())).toEqual([]);
    expect(after.when(consent())).toEqual(refused('STRUCTURE_NOTHING_PROPOSED'));
    expect(given(decider, [proposed]).when(withdraw(stranger))).toEqual(refused('STRUCTURE_NOT_YOURS'));
    expect(given(decider, [recorded]).when(withdraw())).toEqual(refused('STRUCTURE_NOTHING_PROPOSED'));
  });

  it('holds for revisions as well: the facts stay as they were until a second person consents', () => {
    expect(given(decider, [recorded]).when(revise({ gate: halfway }))).toEqual(refused('STRUCTURE_OVERLAPS'));
    const revision = given(decider, [recorded, confirmed]).when(revise({ gate: doubled, reason }));
    expect(revision).toMatchObject([{ type: 'RevisionProposed', data: { revisedBy: 'representative-1' } }]);
    const waiting = [recorded, confirmed, ...(revision as readonly (typeof recorded)[])];
    expect(given(decider, waiting).when(consent())).toMatchObject([
      { type: 'StructureRevised', data: { facts: { regionKeys: ['09000000'] }, consentedBy: 'coordinator-1' } },
    ]);
    expect(given(decider, waiting).when(withdraw())).toHaveLength(1);
    expect(given(decider, waiting).when(confirm())).toEqual([]);
  });
});

describe('confirming a structure', () => {
  it('is done by a coordinator who did not record or revise it, and once', () => {
    expect(given(decider, [recorded]).when(confirm())).toEqual([confirmed]);
    expect(given(decider, [recorded, confirmed]).when(confirm())).toEqual([]);
    const own = { ...recorded, data: { ...recorded.data, recordedBy: 'coordinator-1' } } as typeof recorded;
    expect(given(decider, [own]).when(confirm())).toEqual(refused('STRUCTURE_DECIDED_BY_INTERESTED'));
    const revised = given(decider, [recorded]).when(revise({}, coordinator)) as readonly (typeof recorded)[];
    expect(given(decider, [recorded, ...revised]).when(confirm())).toEqual(refused('STRUCTURE_DECIDED_BY_INTERESTED'));
  });

  it('is not possible while it is proposed or after its end', () => {
    expect(given(decider, [proposed]).when(confirm())).toEqual(refused('STRUCTURE_WRONG_STAGE'));
    expect(given(decider, [recorded, ended]).when(confirm())).toEqual(refused('STRUCTURE_WRONG_STAGE'));
  });

  it('shows overlaps that the recording did not see, as with two recorded at the same instant, and asks for a reason', () => {
    expect(given(decider, [recorded]).when(confirm(coordinator, halfway))).toMatchObject({
      code: 'STRUCTURE_OVERLAPS_UNSEEN',
      data: { overlaps: halfway.overlaps },
    });
    expect(given(decider, [recorded]).when(confirm(coordinator, halfway, reason))).toMatchObject([
      { type: 'StructureConfirmed', data: { gate: halfway, reason } },
    ]);
    const seen = { ...recorded, data: { ...recorded.data, gate: halfway, reason } } as typeof recorded;
    expect(given(decider, [seen]).when(confirm(coordinator, halfway))).toHaveLength(1);
  });
});

describe('a structure that is recorded', () => {
  it('loses its confirmation when its facts are revised, and not when nothing changes', () => {
    const revised = given(decider, [recorded, confirmed]).when(revise());
    expect(revised).toMatchObject([{ type: 'StructureRevised', data: { facts: { regionKeys: ['09000000'] } } }]);
    const after = [recorded, confirmed, ...(revised as readonly (typeof recorded)[])];
    expect(given(decider, after).when(confirm())).toMatchObject([{ type: 'StructureConfirmed' }]);
    expect(given(decider, [recorded, confirmed]).when(revise({ facts: { ...advice } }))).toEqual([]);
    expect(given(decider, [recorded]).when(revise({}, stranger))).toEqual(refused('STRUCTURE_NOT_YOURS'));
  });

  it('keeps to the rule for existing structures when it is revised', () => {
    const facts = { ...advice, operatingSince: '2026-01-01' };
    expect(given(decider, [recorded]).when(revise({ facts }))).toEqual(refused('STRUCTURE_TOO_YOUNG'));
  });

  it('has its capacity assured anew, and stays confirmed', () => {
    const assure: StructureCommand = {
      type: 'AssureCapacity',
      ownerId: organisationId,
      data: { quantity: 20, unit: 'places' },
      context: own,
    };
    const assured = given(decider, [recorded, confirmed]).when(assure);
    expect(assured).toEqual([
      {
        type: 'CapacityAssured',
        data: { capacity: { quantity: 20, unit: 'places', assuredAt: '2026-03-01T10:00:00.000Z' } },
      },
    ]);
    const after = [recorded, confirmed, ...(assured as readonly (typeof recorded)[])];
    expect(given(decider, after).when(confirm())).toEqual([]);
    const byStranger = given(decider, [recorded]).when({ ...assure, context: stranger });
    expect(byStranger).toEqual(refused('STRUCTURE_NOT_YOURS'));
    expect(given(decider, [recorded, ended]).when(assure)).toEqual(refused('STRUCTURE_WRONG_STAGE'));
  });

  it('is revised, assured and ended by the surviving organisation when its own was merged, and by nobody else', () => {
    const ownerId = '88888888-8888-4888-8888-888888888888';
    const survivor = context('representative-3', ownerId);
    const after = (command: object, by = survivor) =>
      given(decider, [recorded]).when({ ...command, ownerId, context: by } as StructureCommand);
    const end = { type: 'EndStructure', data: { reasonCode: 'funding-ended' } };
    const assure = { type: 'AssureCapacity', data: { quantity: 20, unit: 'places' } };
    for (const command of [revise(), assure, end]) {
      expect(after(command)).toHaveLength(1);
      expect(after(command, own)).toEqual(refused('STRUCTURE_NOT_YOURS'));
      expect(after(command, stranger)).toEqual(refused('STRUCTURE_NOT_YOURS'));
    }
    for (const one of [ownerId, organisationId]) {
      expect(after(confirm(), context('coordinator-2', one))).toEqual(refused('STRUCTURE_DECIDED_BY_INTERESTED'));
    }
    expect(after(confirm(), context('coordinator-2'))).toHaveLength(1);
  });

  it('ends once, and for good', () => {
    const end: StructureCommand = {
      type: 'EndStructure',
      ownerId: organisationId,
      data: { reasonCode: 'funding-ended' },
      context: own,
    };
    expect(given(decider, [recorded]).when(end)).toEqual([ended]);
    expect(given(decider, [recorded, ended]).when(end)).toEqual([]);
    expect(given(decider, [proposed]).when(end)).toEqual(refused('STRUCTURE_WRONG_STAGE'));
    expect(given(decider, [recorded, ended]).when(revise())).toEqual(refused('STRUCTURE_WRONG_STAGE'));
  });

  it('has to be there', () => {
    expect(given(decider, []).when(confirm())).toEqual(refused('STRUCTURE_UNKNOWN'));
  });
});
