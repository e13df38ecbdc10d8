import { randomUUID } from 'node:crypto';
import { context, euros, ids } from '../grant/grant.given';
import type { PotCommand } from './pot.decider';
import type { Earmark, PotEvent } from './pot.events';

const officer = context('officer-1');

/** What the specifications of pots begin with. */
export const opened: PotEvent = {
  type: 'PotOpened',
  data: { name: 'Soforthilfe', currency: 'EUR', openedBy: 'officer-1' },
};

export function contribution(
  contributionId: string,
  units: number,
  more: { readonly earmark?: Earmark; readonly receivedOn?: string } = {},
): Extract<PotEvent, { type: 'ContributionReceived' }> {
  const received = { contributionId, donorOrganisationId: ids.donor, amount: euros(units), receivedOn: '2026-01-15' };
  return { type: 'ContributionReceived', data: { ...received, ...more, recordedBy: 'officer-1' } };
}

type DataOf<T extends PotCommand['type']> = Extract<PotCommand, { type: T }>['data'];

/** A command of an officer or of the process of an award, with an id of its own. */
export function potCommand<T extends PotCommand['type']>(type: T, data: DataOf<T>): PotCommand {
  return { type, data, context: { ...officer, commandId: randomUUID() } } as PotCommand;
}

export function reserving(grantId: string, attempt: number, units: number): PotCommand {
  const scope = { fieldKeys: ['orientation'], regionKeys: ['09162000'] };
  return potCommand('ReserveAmount', { grantId, attempt, amount: euros(units), ...scope });
}
