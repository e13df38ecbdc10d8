import {
  type Command,
  type Decider,
  eventCatalogue,
  type EventOf,
  refuse,
  streamCategory,
} from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import type { NewEvent } from '../event-codec';
import { randomUUID } from 'node:crypto';

/** A small aggregate for the tests of this lib: a pot of hours that must never be overdrawn. */
const hours = Type.Object({ minutes: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
const opening = Type.Object({ title: Type.String({ minLength: 1 }) }, { additionalProperties: false });

export type Opening = Static<typeof opening>;

export const ledgerEvents = eventCatalogue(streamCategory('tests', 'ledger'), {
  LedgerOpened: {
    schema: opening,
    // Version 1 called the title a name.
    upcasters: [({ name, ...rest }: { name: string }) => ({ ...rest, title: name })],
  },
  HoursPaidIn: { schema: hours },
  HoursPaidOut: { schema: hours },
});

export type LedgerEvent = EventOf<typeof ledgerEvents>;
export type LedgerCommand =
  | Command<'OpenLedger', Opening>
  | Command<'PayIn', { readonly minutes: number }>
  | Command<'PayOut', { readonly minutes: number }>;

interface Ledger {
  readonly open: boolean;
  readonly minutes: number;
}

export const ledgerDecider: Decider<LedgerCommand, Ledger, LedgerEvent> = {
  initialState: { open: false, minutes: 0 },
  decide(command, { open, minutes }) {
    switch (command.type) {
      case 'OpenLedger':
        return open ? [] : [{ type: 'LedgerOpened', data: command.data }];
      case 'PayIn':
        return [{ type: 'HoursPaidIn', data: command.data }];
      case 'PayOut':
        return command.data.minutes > minutes
          ? refuse('conflict', 'LEDGER_OVERDRAWN', 'The ledger has fewer minutes left.', { minutes })
          : [{ type: 'HoursPaidOut', data: command.data }];
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'LedgerOpened':
        return { ...state, open: true };
      case 'HoursPaidIn':
        return { ...state, minutes: state.minutes + event.data.minutes };
      case 'HoursPaidOut':
        return { ...state, minutes: state.minutes - event.data.minutes };
    }
  },
};

export const ledger = { catalogue: ledgerEvents, decider: ledgerDecider };

export function ledgerStream(): string {
  return ledgerEvents.category.streamName(randomUUID());
}

export function ledgerCommand<Type extends LedgerCommand['type']>(
  type: Type,
  data: Extract<LedgerCommand, { type: Type }>['data'],
  commandId: string = randomUUID(),
): LedgerCommand {
  const context = {
    commandId,
    correlationId: commandId,
    causationId: commandId,
    actor: { subject: 'someone', roles: ['coordinator'] },
    at: '2026-03-01T09:30:00.000Z',
  };
  return { type, data, context } as LedgerCommand;
}

/** An event as a command would write it. */
export function newLedgerEvent<Type extends LedgerEvent['type']>(
  type: Type,
  data: Extract<LedgerEvent, { type: Type }>['data'],
): NewEvent {
  const id = randomUUID();
  return {
    type,
    data,
    metadata: {
      eventId: randomUUID(),
      commandId: id,
      correlationId: id,
      causationId: id,
      actor: { subject: 'someone', roles: ['coordinator'] },
      occurredAt: '2026-03-01T09:30:00.000Z',
      schemaVersion: type === 'LedgerOpened' ? 2 : 1,
    },
  };
}

export function paidIn(minutes: number): NewEvent {
  return newLedgerEvent('HoursPaidIn', { minutes });
}
