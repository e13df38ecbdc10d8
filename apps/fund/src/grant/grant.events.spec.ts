import { Value } from '@sinclair/typebox/value';
import { callFacts } from '../call/call.events';
import { conflictDefinitions } from '../conflict-of-interest/conflict.events';
import { proofDefinitions } from '../proof-of-use/proof.events';
import { standingDefinitions } from '../recipient-standing/recipient-standing.events';
import { reviewDefinitions } from '../review/review.events';
import { gateFacts, trancheDefinitions } from '../tranche/tranche.events';
import { application, applicationDefinitions } from './application.events';
import { decisionDefinitions } from './decision.events';
import { finding } from './finding';
import { grantEvents } from './grant.events';
import { aGrant, context, eligible, euros, ids, inLog, openGate, steps, theApplication, theCall } from './grant.given';

const slices = [
  applicationDefinitions,
  conflictDefinitions,
  reviewDefinitions,
  decisionDefinitions,
  trancheDefinitions,
  proofDefinitions,
  standingDefinitions,
];

describe('the events of a grant', () => {
  it('have names of their own, whichever slice they are of', () => {
    const names = slices.flatMap((definitions) => Object.keys(definitions));
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(grantEvents.definitions).sort()).toEqual(names.sort());
  });

  it('satisfy their schemas in the history that specifications begin with', () => {
    for (const { type, data } of aGrant({ upTo: 'closed' })) {
      const faults = [...Value.Errors(grantEvents.definitions[type].schema, data)];
      expect(faults.map(({ path, message }) => `${type}${path}: ${message}`)).toEqual([]);
    }
  });

  it('have no room for what nobody said is in them, such as a person as recipient', () => {
    for (const { type, data } of aGrant({ upTo: 'closed' })) {
      const { schema } = grantEvents.definitions[type];
      expect(Value.Check(schema, { ...data, recipientIndividual: 'somebody' })).toBe(false);
    }
  });

  it.each([
    ['a call', callFacts, theCall, { costLines: [] }],
    ['an application', application, theApplication, { lines: [] }],
    ['a finding', finding, eligible, { standing: 'merged' }],
    ['what the tranche gate saw', gateFacts, openGate, { awarded: { cents: 0.5, currency: 'EUR' } }],
  ])('hold %s only as it can be', (_, schema, right, wrong) => {
    expect(Value.Check(schema, right)).toBe(true);
    expect(Value.Check(schema, { ...right, ...wrong })).toBe(false);
  });

  it('always say of a payment what stood in its way', () => {
    const paid = aGrant({ upTo: 'paid' }).at(-1);
    const { schema } = trancheDefinitions.TranchePaid;
    const blockers = [{ code: 'RECIPIENT_SUSPENDED', words: 'Suspended when the bank paid.' }];
    expect(Value.Check(schema, { ...paid?.data, despite: blockers })).toBe(true);
    expect(Value.Check(schema, { ...paid?.data, despite: undefined })).toBe(false);
  });
});

describe('the history that specifications begin with', () => {
  it('begins with the draft, and each step adds to the one before', () => {
    const histories = steps.map((upTo) => aGrant({ upTo }));
    expect(histories[0]?.[0]?.type).toBe('GrantDrafted');
    histories.slice(1).forEach((history, index) => {
      const before = histories[index] ?? [];
      expect(history.slice(0, before.length)).toEqual(before);
      expect(history.length).toBeGreaterThan(before.length);
    });
  });

  it('adds up: what is paid is spent or comes back, and what is not paid goes back to the pot', () => {
    const history = aGrant({ upTo: 'closed' });
    const cents = { GrantAwarded: 0, TranchePaid: 0, ReportAccepted: 0, RepaymentReceived: 0, GrantClosed: 0 };
    for (const { type, data } of history) {
      if (type === 'GrantAwarded' || type === 'TranchePaid') cents[type] += data.amount.cents;
      if (type === 'ReportAccepted') cents[type] += data.spent.cents;
      if (type === 'RepaymentReceived') cents[type] += data.principal.cents;
      if (type === 'GrantClosed') cents[type] += data.notPaidOut.cents;
    }
    expect(cents.GrantAwarded).toBe(euros(10_000).cents);
    expect(cents.TranchePaid + cents.GrantClosed).toBe(cents.GrantAwarded);
    expect(cents.ReportAccepted + cents.RepaymentReceived).toBe(cents.TranchePaid);
  });

  it('stands in the stream of its grant, one event after another', () => {
    const recorded = inLog(aGrant({ upTo: 'submitted' }), 4);
    expect(new Set(recorded.map(({ streamName }) => streamName))).toEqual(new Set([`fund.grant-${ids.grant}`]));
    expect(recorded.map(({ revision }) => revision)).toEqual([4n, 5n, 6n]);
  });

  it('is of persons whose roles show in their names', () => {
    expect(context('officer-1').actor).toEqual({ subject: 'officer-1', roles: ['fund-officer'] });
    expect(context('representative-1', ids.applicant).actor).toEqual({
      subject: 'representative-1',
      roles: ['representative'],
      organisationId: ids.applicant,
    });
  });
});
