import { Value } from '@sinclair/typebox/value';
import { ids, theCall } from '../grant/grant.given';
import { type CallEvent, callEvents } from './call.events';

const panel = [{ subject: 'reviewer-1', organisationId: ids.donor }, { subject: 'reviewer-2' }];
const history: readonly CallEvent[] = [
  { type: 'CallPublished', data: { potId: ids.pot, call: theCall, panel, publishedBy: 'officer-1' } },
  { type: 'PanelRevised', data: { panel: panel.slice(1), revisedBy: 'officer-1' } },
  { type: 'CallClosed', data: { reasonCode: 'pot-exhausted', closedBy: 'officer-1' } },
];

describe('the events of a call', () => {
  it('are all told of here, and satisfy their schemas', () => {
    expect(history.map(({ type }) => type).sort()).toEqual(Object.keys(callEvents.definitions).sort());
    for (const { type, data } of history) {
      expect([...Value.Errors(callEvents.definitions[type].schema, data)]).toEqual([]);
    }
  });

  it('know of the panel no more than a pseudonymous id and an employer', () => {
    const { schema } = callEvents.definitions.PanelRevised;
    const named = { panel: [{ subject: 'reviewer-1', name: 'somebody' }], revisedBy: 'officer-1' };
    expect(Value.Check(schema, named)).toBe(false);
  });
});
