import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type DataOf, type GrantEvent, grantEvents } from '../grant/grant.events';
import { evolveStanding, isNews, type StandingState } from '../standing';

/** What the registry says of the recipient now; the organisation is the one that applied, also after a merge. */
export type NoteRecipientStanding = Command<'NoteRecipientStanding', StandingState>;

export type RecipientStandingState =
  | { readonly stage: 'none' }
  | { readonly stage: 'known'; readonly applicantOrganisationId: string; readonly standing?: StandingState };

/**
 * Keeps the recipient's standing with the grant, so that each later decision is taken under it by the order of one stream.
 * News may come twice and out of order: what is older than the standing that is known changes nothing.
 */
export const recipientStanding: Aggregate<NoteRecipientStanding, RecipientStandingState, GrantEvent> = {
  catalogue: grantEvents,
  decider: {
    initialState: { stage: 'none' },

    decide({ data }, state) {
      if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
      if (state.standing !== undefined && !isNews(data, state.standing)) return [];
      const { standing, survivorId, since } = data;
      const changed: DataOf<'RecipientStandingChanged'> = {
        organisationId: state.applicantOrganisationId,
        standing,
        survivorId,
        since,
      };
      return [{ type: 'RecipientStandingChanged', data: changed }];
    },

    evolve(state, event) {
      if (event.type === 'GrantDrafted') {
        return { stage: 'known', applicantOrganisationId: event.data.applicantOrganisationId };
      }
      if (state.stage === 'none') return state;
      const standing = evolveStanding(state.standing, event);
      return standing === undefined ? state : { ...state, standing };
    },
  },
};
