import { given } from '@alliance/event-sourcing';
import { need, type NeedCommand } from './need.decider';
import type { NeedEvent } from './need.events';
import { needFacts } from './need.given';

const organisationId = '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02';
const context = {
  ...{ commandId: 'c', correlationId: 'c', causationId: 'c', at: '2026-04-01T10:00:00.000Z' },
  actor: { subject: 'somebody', roles: [] },
};
const opened: NeedEvent = { type: 'NeedOpened', data: { organisationId, facts: needFacts, openedBy: 'somebody' } };
const closed: NeedEvent = { type: 'NeedClosed', data: { reasonCode: 'fulfilled' } };
const prioritised: NeedEvent = { type: 'NeedPrioritised', data: { severity: 3, reasonCode: 'shortage' } };
const open: NeedCommand = { type: 'OpenNeed', data: { organisationId, facts: needFacts }, context };
const close: NeedCommand = { type: 'CloseNeed', data: { reasonCode: 'fulfilled' }, context };
const facts = { ...needFacts, minutesPerWeek: 200, severity: 1 };
const revise: NeedCommand = { type: 'ReviseNeed', data: { facts }, context };
const prioritise: NeedCommand = { type: 'PrioritiseNeed', data: prioritised.data, context };
const when = (events: readonly NeedEvent[], command: NeedCommand) => given(need.decider, events).when(command);

describe('A need', () => {
  it('is opened once, revised while it is open, and closed for good', () => {
    const revised: NeedEvent = { type: 'NeedRevised', data: { facts, revisedBy: 'somebody' } };
    expect(when([], open)).toEqual([opened]);
    expect(when([opened], open)).toMatchObject({ code: 'NEED_EXISTS' });
    expect(when([opened], revise)).toEqual([revised]);
    expect(when([opened, revised], close)).toEqual([closed]);
    expect(when([opened, closed], close)).toEqual([]);
    for (const command of [revise, prioritise]) {
      expect(when([opened, closed], command)).toMatchObject({ code: 'NEED_CLOSED' });
    }
    for (const command of [revise, prioritise, close]) {
      expect(when([], command)).toMatchObject({ code: 'NEED_UNKNOWN' });
    }
  });

  it('is as severe as its organisation says, until a coordinator has said it', () => {
    const severityAfter = (...events: NeedEvent[]) =>
      events.reduce(need.decider.evolve.bind(need.decider), need.decider.initialState);
    const revised: NeedEvent = { type: 'NeedRevised', data: { facts, revisedBy: 'somebody' } };
    expect(severityAfter(opened)).toMatchObject({ severity: needFacts.severity });
    expect(severityAfter(opened, revised)).toMatchObject({ severity: 1 });
    expect(severityAfter(opened, prioritised, revised)).toMatchObject({ severity: 3, facts });
    expect(when([opened], prioritise)).toEqual([prioritised]);
    expect(when([opened, prioritised], prioritise)).toEqual([]);
  });
});
