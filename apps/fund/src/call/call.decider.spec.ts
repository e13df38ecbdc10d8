import { given as givenEvents } from '@alliance/event-sourcing';
import { context, euros, ids, theCall } from '../grant/grant.given';
import { call, type CallCommand } from './call.decider';
import type { CallEvent, CallFacts, Member } from './call.events';

const given = (...events: CallEvent[]) => ({
  when(command: CallCommand) {
    const decision = givenEvents(call.decider, events).when(command);
    return {
      then: (...expected: CallEvent[]) => expect(decision).toEqual(expected),
      thenRefused: (code: string, data: object = {}) => expect(decision).toMatchObject({ code, data }),
    };
  },
});
const panel: Member[] = [{ subject: 'reviewer-1', organisationId: ids.donor }, { subject: 'reviewer-2' }];
const published: CallEvent = {
  type: 'CallPublished',
  data: { potId: ids.pot, call: theCall, panel, publishedBy: 'officer-1' },
};
const at = '2026-01-02T10:00:00.000Z';
const publish = (facts: Partial<CallFacts> = {}, more: object = {}): CallCommand => ({
  type: 'PublishCall',
  data: { potId: ids.pot, potCurrency: 'EUR', call: { ...theCall, ...facts }, panel, ...more },
  context: context('officer-1', undefined, at),
});
const revise = (revised: Member[]): CallCommand => ({
  type: 'RevisePanel',
  data: { panel: revised },
  context: context('officer-1', undefined, at),
});
const close = (when = at): CallCommand => ({
  type: 'CloseCall',
  data: { reasonCode: 'pot-exhausted' },
  context: context('officer-1', undefined, when),
});

describe('a call', () => {
  it('is published once, with all that applicants rely on', () => {
    given().when(publish()).then(published);
    given(published).when(publish()).thenRefused('CALL_EXISTS');
  });

  it('draws on a pot, in its currency', () => {
    given()
      .when(publish({}, { potCurrency: undefined }))
      .thenRefused('POT_UNKNOWN');
    given()
      .when(publish({}, { potCurrency: 'CHF' }))
      .thenRefused('MONEY_CURRENCY_DIFFERS', { expected: 'CHF', given: 'EUR' });
  });

  it('closes after it opens, and not in the past', () => {
    given()
      .when(publish({ closesAt: theCall.opensAt }))
      .thenRefused('DATES_OUT_OF_ORDER');
    const over = { opensAt: '2025-01-01T00:00:00.000Z', closesAt: '2025-12-31T00:00:00.000Z' };
    given().when(publish(over)).thenRefused('DATES_OUT_OF_ORDER');
  });

  it('has amounts in order, and criteria whose weights make up 100', () => {
    given()
      .when(publish({ minimum: euros(2), maximum: euros(1) }))
      .thenRefused('CALL_AMOUNTS_OUT_OF_ORDER');
    given()
      .when(publish({ minimum: euros(0), maximum: euros(0) }))
      .thenRefused('CALL_WITHOUT_MONEY');
    const [need] = theCall.criteria;
    if (need === undefined) throw new Error('The call has criteria.');
    given()
      .when(publish({ criteria: [need] }))
      .thenRefused('CALL_WEIGHTS_NOT_100', { weight: 60 });
    const twice = [
      { ...need, weightPercent: 50 },
      { ...need, weightPercent: 50 },
    ];
    given()
      .when(publish({ criteria: twice }))
      .thenRefused('CALL_CRITERIA_REPEATED', { keys: ['need'] });
  });

  it('has everyone on its panel once, which may change as long as it is asked for reviews', () => {
    const [first] = panel;
    if (first === undefined) throw new Error('There is a panel.');
    given()
      .when(publish({}, { panel: [first, first] }))
      .thenRefused('PANEL_MEMBER_REPEATED', { subjects: ['reviewer-1'] });
    given(published)
      .when(revise([first, first]))
      .thenRefused('PANEL_MEMBER_REPEATED', { subjects: ['reviewer-1'] });
    const revised: CallEvent = { type: 'PanelRevised', data: { panel: [first], revisedBy: 'officer-1' } };
    given(published)
      .when(revise([first]))
      .then(revised);
    given(published, revised)
      .when(revise([first]))
      .then();
    const closed: CallEvent = { type: 'CallClosed', data: { reasonCode: 'pot-exhausted', closedBy: 'officer-1' } };
    given(published, closed)
      .when(revise([first]))
      .then(revised);
    given().when(revise([])).thenRefused('CALL_UNKNOWN');
  });

  it('is closed before its time, once; when its time is over it needs no closing', () => {
    const closed: CallEvent = { type: 'CallClosed', data: { reasonCode: 'pot-exhausted', closedBy: 'officer-1' } };
    given(published).when(close()).then(closed);
    given(published, closed).when(close()).then();
    given(published).when(close(theCall.closesAt)).thenRefused('CALL_OVER', { closesAt: theCall.closesAt });
    given().when(close()).thenRefused('CALL_UNKNOWN');
  });
});
