import { type CommandContext, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { settleAfter, type SettleRegistrations } from './admission.policy';
import { organisation, type OrganisationCommand } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { type OrganisationState, registrationsOf, registrationsToHold } from './organisation-state';
import { registration, type RegistrationCommand } from './registration.decider';
import { registrationEvents } from './registration.events';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

/** What the stream of an organisation says after its registrations are settled. */
export interface Settled {
  readonly state: OrganisationState;
  readonly last: RecordedEvent | undefined;
}

/** Finishes what a crash or a slow request left behind. */
export const admissionReactor: Reactor<SettleRegistrations> = {
  name: 'admission',
  catalogues: [organisationEvents, registrationEvents],
  policy: settleAfter,
  execute: async ({ target, data }, context, commands) => {
    await settleRegistrations(commands, target, context, data.registrationKey);
  },
};

/**
 * Carries an admission to its end and gives back registrations that are not to be held (any more). It may run several
 * times, also at the same time, after a crash or beside a request: the organisation's stream decides how an attempt
 * ends, each command's id follows from the attempt, and registrations are given back only after the stream has spoken.
 * `alsoRelease` is a registration to look at besides those of the present identifiers.
 */
export async function settleRegistrations(
  commands: Commands,
  organisationId: string,
  cause: CommandContext,
  alsoRelease?: string,
): Promise<Settled> {
  let found = await commands.load(organisation, organisationId);
  if (found.state.stage === 'none') return found;
  if (found.state.stage === 'admitting') {
    await endAdmission(commands, found.state, cause);
    found = await commands.load(organisation, organisationId);
  }
  if (found.state.stage === 'none') return found;
  const { facts, attempts } = found.state;
  const toHold = registrationsToHold(found.state);
  const mayHold = [...registrationsOf(facts.identifiers).keys(), ...(alsoRelease === undefined ? [] : [alsoRelease])];
  for (const key of new Set(mayHold)) {
    if (!toHold.has(key))
      await change(commands, 'ReleaseRegistration', key, { organisationId, attempt: attempts }, cause);
  }
  return found;
}

type Admitting = Extract<OrganisationState, { stage: 'admitting' }>;

async function endAdmission(commands: Commands, state: Admitting, cause: CommandContext): Promise<void> {
  const { organisationId, attempts: attempt, facts } = state;
  for (const [key, identifier] of registrationsOf(facts.identifiers)) {
    const claimed = await change(commands, 'ClaimRegistration', key, { organisationId, attempt }, cause);
    if (isRefusal(claimed)) {
      const heldBy = String(claimed.data['heldBy']);
      return end(commands, organisationId, { type: 'BlockAdmission', data: { attempt, identifier, heldBy } }, cause);
    }
  }
  return end(commands, organisationId, { type: 'CompleteAdmission', data: { attempt } }, cause);
}

async function end(
  commands: Commands,
  organisationId: string,
  ending: Pick<Extract<OrganisationCommand, { type: 'BlockAdmission' | 'CompleteAdmission' }>, 'type' | 'data'>,
  cause: CommandContext,
): Promise<void> {
  const context = following(cause, organisationId, `${ending.type} ${ending.data.attempt}`);
  const ended = await commands.decide(organisation, organisationId, { ...ending, context } as OrganisationCommand);
  if (isRefusal(ended)) throw new Error(`${ending.type} was refused: ${ended.code}.`);
}

function change(
  commands: Commands,
  type: RegistrationCommand['type'],
  key: string,
  data: RegistrationCommand['data'],
  cause: CommandContext,
) {
  const context = following(cause, data.organisationId, `${type} ${data.attempt} ${key}`);
  return commands.decide(registration, key, { type, data, context });
}

/** The same whoever runs the step: the request or the reactor. */
function following(cause: CommandContext, organisationId: string, step: string): CommandContext {
  return { ...cause, commandId: deriveId(organisationId, step), causationId: cause.commandId };
}
