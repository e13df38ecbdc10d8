import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type JudgedRow, type OrganisationImportEvent, organisationImportEvents } from './organisation-import.events';

export type OrganisationImportCommand =
  | Command<'ListRows', { readonly rows: readonly JudgedRow[]; readonly listedBefore: number }>
  | Command<'AcceptOrganisationImport', { readonly rows: number; readonly minimumOperatingMonths: number }>;

export interface OrganisationImportState {
  readonly stage: 'listing' | 'accepted';
  readonly rows: readonly JudgedRow[];
}

/** An import lists its rows piece by piece, in order, and is then accepted as a whole; each step may come twice. */
export const organisationImport: Aggregate<
  OrganisationImportCommand,
  OrganisationImportState,
  OrganisationImportEvent
> = {
  catalogue: organisationImportEvents,
  decider: {
    initialState: { stage: 'listing', rows: [] },

    decide(command, { stage, rows: listed }) {
      switch (command.type) {
        case 'ListRows': {
          const { rows, listedBefore } = command.data;
          if (listedBefore < listed.length) return [];
          if (stage === 'accepted' || listedBefore > listed.length) return notThisImport();
          return [{ type: 'RowsListed', data: { rows: [...rows] } }];
        }
        case 'AcceptOrganisationImport': {
          const { rows, minimumOperatingMonths } = command.data;
          if (rows !== listed.length) return notThisImport();
          if (stage === 'accepted') return [];
          const accepted = listed.filter(({ verdict }) => verdict === 'accepted').length;
          return [{ type: 'OrganisationImportAccepted', data: { rows, accepted, minimumOperatingMonths } }];
        }
        default:
          return command satisfies never;
      }
    },

    evolve(state, event) {
      switch (event.type) {
        case 'RowsListed':
          return { stage: 'listing', rows: [...state.rows, ...event.data.rows] };
        case 'OrganisationImportAccepted':
          return { stage: 'accepted', rows: state.rows };
        default:
          return event satisfies never;
      }
    },
  },
};

function notThisImport() {
  return refuse(
    'conflict',
    'ORGANISATION_IMPORT_DIFFERS',
    'An import with this Idempotency-Key has begun with another file; send the same file or take another key.',
  );
}
