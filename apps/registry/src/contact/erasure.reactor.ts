import { type CommandContext, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { contact, type ContactState } from './contact.decider';
import { contactEvents } from './contact.events';
import { erasureAfter, type SettleErasure } from './erasure.policy';
import { PersonalDataVault } from './personal-data.vault';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;
type Erased = Extract<ContactState, { stage: 'erased' }>;

/**
 * Finishes the erasures that a crash broke off. Its checkpoint lies in the database of the vault: where an old backup of
 * that is put back, the reactor begins anew at its time, and erases what the backup has brought back.
 */
export const erasureReactor: Reactor<SettleErasure> = {
  name: 'erasure',
  catalogues: [contactEvents],
  policy: erasureAfter,
  execute: async ({ target }, context, commands, database) => {
    await settleErasure(commands, new PersonalDataVault(database), target, context);
  },
};

/**
 * Carries the erasure of a contact, which has been decided, to its end: the vault first, then the log says what was
 * erased where. It may run several times, also at the same time, after a crash or beside a request.
 */
export async function settleErasure(
  commands: Commands,
  vault: PersonalDataVault,
  contactId: string,
  cause: CommandContext,
): Promise<{ readonly state: Erased; readonly last: RecordedEvent | undefined }> {
  const before = await commands.load(contact, contactId);
  if (before.state.stage === 'none' || before.state.stage === 'held') {
    throw new Error(`Nobody has decided to erase contact ${contactId}.`);
  }
  // Also when the log says that it is done: the row may have come back with a backup.
  const erased = await vault.erase(contactId);
  if (before.state.stage === 'erased') return { state: before.state, last: before.last };
  // The same command whoever gives it, the request or the reactor.
  const context = { ...cause, commandId: deriveId(contactId, 'erasure'), causationId: cause.commandId };
  const confirmed = await commands.decide(contact, contactId, { type: 'ConfirmErasure', data: { erased }, context });
  if (isRefusal(confirmed)) throw new Error(`The erasure of contact ${contactId} was refused: ${confirmed.code}.`);
  const { state, last } = await commands.load(contact, contactId);
  if (state.stage !== 'erased') throw new Error(`Contact ${contactId} is ${state.stage} after its erasure.`);
  return { state, last };
}
