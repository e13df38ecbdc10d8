import { type CommandContext, isRefusal } from '@alliance/event-sourcing';
import type { Accepted } from '@alliance/event-store';
import { type CommandHandler, newId, type Reactor } from '@alliance/service-host';
import { fieldOfAction } from './field-of-action.decider';
import { type FieldSuccession, fieldSuccessionEvents } from './field-of-action.events';
import { stepsOf, succeedAfter, type SuccessionStep } from './field-succession.policy';

/** Finishes the successions that a crash broke off. */
export const fieldSuccessionReactor: Reactor<SuccessionStep> = {
  name: 'field-succession',
  catalogues: [fieldSuccessionEvents],
  policy: succeedAfter,
  execute: async (step, context, commands) => {
    await take(step, context, commands);
  },
};

/** Brings a succession that was decided to the fields themselves; again changes nothing. Resolves to the last step. */
export async function settleSuccession(
  commands: Pick<CommandHandler, 'decide'>,
  succession: FieldSuccession,
  cause: CommandContext,
): Promise<Accepted | undefined> {
  let last: Accepted | undefined;
  for (const step of stepsOf(succession)) {
    const commandId = newId(cause, `${step.type} ${step.target}`);
    last = (await take(step, { ...cause, commandId, causationId: cause.commandId }, commands)) ?? last;
  }
  return last;
}

async function take(
  { target, ...command }: SuccessionStep,
  context: CommandContext,
  commands: Pick<CommandHandler, 'decide'>,
): Promise<Accepted | undefined> {
  const taken = await commands.decide(fieldOfAction, target, { ...command, context });
  if (!isRefusal(taken)) return taken;
  // Somebody, perhaps this process before a crash, has added it under the same key; so it is there to succeed.
  if (taken.code === 'FIELD_OF_ACTION_KEY_TAKEN') return undefined;
  throw new Error(`The succession of fields stops at ${target}: ${taken.code}.`);
}
