import { type CommandContext, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { settleAfter, type SettleRegistrations } from './admission.policy';
import { organisation, type OrganisationCommand } from './organisation.decider';
import type { Identifier } from '../identifier';
import { type OrganisationEvent, organisationEvents } from './organisation.events';
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
  const { ownFacts, attempts, absorbed } = found.state;
  const isGone = await hasLeft(commands, found.state);
  const toHold = isGone ? new Map<string, Identifier>() : registrationsToHold(found.state);
  const mayHold = [
    ...registrationsOf(ownFacts.identifiers).keys(),
    ...(alsoRelease === undefined ? [] : [alsoRelease]),
  ];
  for (const key of new Set(mayHold)) {
    if (!toHold.has(key))
      await change(commands, 'ReleaseRegistration', key, { organisationId, attempt: attempts }, cause);
  }
  if (isGone) for (const one of absorbed) await settleRegistrations(commands, one.organisationId, cause);
  return found;
}

/** Whether the organisation, or the one that it counts as since a merge, has left the alliance, which is for good. */
async function hasLeft(commands: Commands, state: OrganisationState): Promise<boolean> {
  if (state.stage !== 'merged') return state.stage === 'left';
  return hasLeft(commands, (await commands.load(organisation, state.merge.into)).state);
}

type Trying = Extract<OrganisationState, { stage: 'admitting' | 'merging' }>;

async function endAdmission(commands: Commands, state: Trying, cause: CommandContext): Promise<void> {
  const { organisationId, attempts: attempt } = state;
  const taken = await claimRegistrations(commands, state, cause);
  const ending: AttemptStep = taken
    ? { type: 'BlockAdmission', data: { attempt, ...taken } }
    : { type: 'CompleteAdmission', data: { attempt } };
  await carryOn(commands, organisationId, ending, cause);
}

/**
 * Claims what the organisation is to hold in its present attempt, up to the first that is held by another one than
 * `also`: that one is the answer.
 */
export async function claimRegistrations(
  commands: Commands,
  state: Trying,
  cause: CommandContext,
  also?: string,
): Promise<{ readonly identifier: Identifier; readonly heldBy: string } | undefined> {
  const { organisationId, attempts: attempt } = state;
  for (const [key, identifier] of registrationsToHold(state)) {
    const claimed = await change(commands, 'ClaimRegistration', key, { organisationId, attempt }, cause);
    if (!isRefusal(claimed)) continue;
    const heldBy = String(claimed.data['heldBy']);
    if (heldBy !== also) return { identifier, heldBy };
  }
  return undefined;
}

/** The commands that are steps of an attempt, without context. */
type StepOf<Cmd> = Cmd extends OrganisationCommand & { readonly data: { readonly attempt: number } }
  ? Pick<Cmd, 'type' | 'data'>
  : never;
type AttemptStep = StepOf<OrganisationCommand>;

/** Gives one step of an attempt to an organisation; `of` is the one whose attempt it is. A refusal would be a bug. */
export async function carryOn(
  commands: Commands,
  id: string,
  step: AttemptStep,
  cause: CommandContext,
  of = id,
): Promise<readonly OrganisationEvent[]> {
  const context = following(cause, of, `${step.type} ${step.data.attempt}`);
  const done = await commands.decide(organisation, id, { ...step, context });
  if (isRefusal(done)) throw new Error(`${step.type} was refused: ${done.code}.`);
  return done.events;
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
