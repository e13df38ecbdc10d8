import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type RegistrationEvent, registrationEvents } from './registration.events';

/** An organisation in its nth attempt at being admitted. */
export interface Claimant {
  readonly organisationId: string;
  readonly attempt: number;
}

export type ClaimRegistration = Command<'ClaimRegistration', Claimant>;
export type ReleaseRegistration = Command<'ReleaseRegistration', Claimant>;
export type RegistrationCommand = ClaimRegistration | ReleaseRegistration;

export type RegistrationState = { readonly stage: 'free' } | ({ readonly stage: 'held' } & Claimant);

/**
 * A registration is held by one organisation at most. Claims and releases may come late and twice, from a request that
 * was slow or from a process that was resumed; the attempt tells the later from the earlier, so that what belongs to an
 * old attempt never undoes what a newer one holds.
 */
export const registration: Aggregate<RegistrationCommand, RegistrationState, RegistrationEvent> = {
  catalogue: registrationEvents,
  decider: {
    initialState: { stage: 'free' },

    decide(command, state) {
      const { organisationId, attempt } = command.data;
      const isHolder = state.stage === 'held' && state.organisationId === organisationId;
      switch (command.type) {
        case 'ClaimRegistration':
          if (isHolder && state.attempt >= attempt) return [];
          if (state.stage === 'held' && !isHolder) {
            return refuse(
              'conflict',
              'ORGANISATION_IDENTIFIER_TAKEN',
              'Another organisation of the alliance is registered under this identifier.',
              { heldBy: state.organisationId },
            );
          }
          return [{ type: 'RegistrationClaimed', data: { organisationId, attempt } }];
        case 'ReleaseRegistration':
          if (!isHolder || state.attempt > attempt) return [];
          return [{ type: 'RegistrationReleased', data: { organisationId, attempt } }];
        default:
          return command satisfies never;
      }
    },

    evolve(_state, event) {
      switch (event.type) {
        case 'RegistrationClaimed':
          return { stage: 'held', ...event.data };
        case 'RegistrationReleased':
          return { stage: 'free' };
        default:
          return event satisfies never;
      }
    },
  },
};
