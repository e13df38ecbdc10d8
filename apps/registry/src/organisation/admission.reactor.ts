import { type CommandContext, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { deriveId, type EventStore, handleCommand } from '@alliance/event-store';
import {
  organisation,
  type OrganisationCommand,
  type OrganisationState,
  registrationsOf,
  registrationsToHold,
} from './organisation.decider';
import type { OrganisationEvent } from './organisation.events';
import { registration, type RegistrationCommand } from './registration.decider';

/** An organisation as it stands in the log. */
export interface FoundOrganisation {
  readonly state: OrganisationState;
  readonly last: RecordedEvent | undefined;
}

/** Folds the organisation's stream. */
export async function findOrganisation(store: EventStore, organisationId: string): Promise<FoundOrganisation> {
  const { catalogue, decider } = organisation;
  const streamName = catalogue.category.streamName(organisationId);
  let found: FoundOrganisation = { state: decider.initialState, last: undefined };
  for await (const event of store.readStream<OrganisationEvent>(streamName, catalogue)) {
    found = { state: decider.evolve(found.state, event as RecordedEvent & OrganisationEvent), last: event };
  }
  return found;
}

/**
 * Carries an admission to its end and gives back registrations that are not to be held (any more). It may run several
 * times, also at the same time, after a crash or beside a request: the organisation's stream decides how an attempt
 * ends, each command's id follows from the attempt, and registrations are given back only after the stream has spoken.
 * `alsoRelease` is a registration to look at besides those of the present identifiers.
 */
export async function settleRegistrations(
  store: EventStore,
  organisationId: string,
  cause: CommandContext,
  alsoRelease?: string,
): Promise<FoundOrganisation> {
  let found = await findOrganisation(store, organisationId);
  if (found.state.stage === 'none') return found;
  if (found.state.stage === 'admitting') {
    await endAdmission(store, found.state, cause);
    found = await findOrganisation(store, organisationId);
  }
  if (found.state.stage === 'none') return found;
  const { facts, attempts } = found.state;
  const toHold = registrationsToHold(found.state);
  const mayHold = [...registrationsOf(facts.identifiers).keys(), ...(alsoRelease === undefined ? [] : [alsoRelease])];
  for (const key of new Set(mayHold)) {
    if (!toHold.has(key)) await change(store, 'ReleaseRegistration', key, { organisationId, attempt: attempts }, cause);
  }
  return found;
}

type Admitting = Extract<OrganisationState, { stage: 'admitting' }>;

async function endAdmission(store: EventStore, state: Admitting, cause: CommandContext): Promise<void> {
  const { organisationId, attempts: attempt, facts } = state;
  for (const [key, identifier] of registrationsOf(facts.identifiers)) {
    const claimed = await change(store, 'ClaimRegistration', key, { organisationId, attempt }, cause);
    if (isRefusal(claimed)) {
      const heldBy = String(claimed.data['heldBy']);
      return end(store, organisationId, { type: 'BlockAdmission', data: { attempt, identifier, heldBy } }, cause);
    }
  }
  return end(store, organisationId, { type: 'CompleteAdmission', data: { attempt } }, cause);
}

async function end(
  store: EventStore,
  organisationId: string,
  ending: Pick<Extract<OrganisationCommand, { type: 'BlockAdmission' | 'CompleteAdmission' }>, 'type' | 'data'>,
  cause: CommandContext,
): Promise<void> {
  const context = following(cause, organisationId, `${ending.type} ${ending.data.attempt}`);
  const ended = await handleCommand(store, organisation, organisationId, { ...ending, context } as OrganisationCommand);
  if (isRefusal(ended)) throw new Error(`${ending.type} was refused: ${ended.code}.`);
}

function change(
  store: EventStore,
  type: RegistrationCommand['type'],
  key: string,
  data: RegistrationCommand['data'],
  cause: CommandContext,
) {
  const context = following(cause, data.organisationId, `${type} ${data.attempt} ${key}`);
  return handleCommand(store, registration, key, { type, data, context });
}

/** The same whoever runs the step: the request or the reactor. */
function following(cause: CommandContext, organisationId: string, step: string): CommandContext {
  return { ...cause, commandId: deriveId(organisationId, step), causationId: cause.commandId };
}
