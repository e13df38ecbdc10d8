import type { Command } from './command';
import type { Decider } from './decider';
import { fold } from './decider';
import type { DomainEvent } from './event';
import { isRefusal, refuse } from './refusal';
import { given } from './specification';

type Opened = DomainEvent<'DoorOpened', { by: string }>;
type Closed = DomainEvent<'DoorClosed', Record<string, never>>;
type DoorEvent = Opened | Closed;
type OpenDoor = Command<'OpenDoor', { locked: boolean }>;

const door: Decider<OpenDoor, 'open' | 'closed', DoorEvent> = {
  initialState: 'closed',
  evolve: (_, event) => (event.type === 'DoorOpened' ? 'open' : 'closed'),
  decide(command, state) {
    if (state === 'open') return [];
    if (command.data.locked) return refuse('conflict', 'DOOR_LOCKED', 'The door is locked.', { since: '2022' });
    return [{ type: 'DoorOpened', data: { by: command.context.actor.subject } }];
  },
};

const opened: DoorEvent = { type: 'DoorOpened', data: { by: 'a' } };
const closed: DoorEvent = { type: 'DoorClosed', data: {} };
const open = (locked: boolean): OpenDoor => ({
  type: 'OpenDoor',
  data: { locked },
  context: {
    commandId: 'c',
    correlationId: 'c',
    causationId: 'c',
    actor: { subject: 'a', roles: [] },
    at: '2026-01-01T00:00:00Z',
  },
});

describe('decider', () => {
  it('decides on the folded state', () => {
    expect(given(door, [opened, closed]).when(open(false))).toEqual([opened]);
  });

  it('answers with no events when all is already so', () => {
    expect(given(door, [opened]).when(open(true))).toEqual([]);
  });

  it('refuses by value, with code and data', () => {
    const decision = given(door, []).when(open(true));
    expect(isRefusal(decision)).toBe(true);
    expect(decision).toEqual({
      refused: 'conflict',
      code: 'DOOR_LOCKED',
      detail: 'The door is locked.',
      data: { since: '2022' },
    });
  });

  it('does not take events for a refusal', () => {
    expect(isRefusal([opened])).toBe(false);
    expect(isRefusal([])).toBe(false);
    expect(isRefusal(undefined)).toBe(false);
  });

  it('folds in order from the initial state', () => {
    expect(fold(door.evolve, door.initialState, [])).toBe('closed');
    expect(fold(door.evolve, door.initialState, [closed, opened])).toBe('open');
  });
});
