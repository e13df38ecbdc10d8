import { addDays, addMonths, dayOf, isDay } from '@alliance/calendar';
import { type Actor, type Aggregate, type Command, type CommandContext, refuse } from '@alliance/event-sourcing';
import {
  type Consent,
  type ContactEvent,
  contactEvents,
  type ErasedRows,
  type ErasureReason,
  type RequestedErasureReason,
  type Retention,
} from './contact.events';

/** Why a person's data may be held, and the rules it is judged by. */
export interface Grounds {
  readonly purposes: readonly string[];
  readonly consent: Consent;
  /** The purposes that the alliance has settled (a setting). */
  readonly permittedPurposes: readonly string[];
  /** After so many months somebody has to look whether the data still are needed (a setting). */
  readonly reviewMonths: number;
}

/** What the decision whether somebody may is made by. */
export interface ActingRight {
  /** The organisations for which a representative acts: their own, and those that count as it since a merge. */
  readonly represented: readonly string[];
}

export type ContactCommand =
  | Command<'RecordContact', ActingRight & Grounds & { readonly contactId: string; readonly organisationId: string }>
  | Command<'ReviseContact', ActingRight & Grounds>
  | Command<'ReadPersonalData', ActingRight & { readonly purpose: string }>
  | Command<'WithdrawConsent', ActingRight>
  | Command<'EraseContact', ActingRight & { readonly reason: RequestedErasureReason }>
  /** By the clock, when the organisation is gone for good. */
  | Command<'EndRetention', Retention>
  | Command<'ConfirmErasure', { readonly erased: readonly ErasedRows[] }>;

export type ContactState =
  | { readonly stage: 'none' }
  | { readonly stage: 'held'; readonly organisationId: string; readonly purposes: readonly string[] }
  | { readonly stage: 'erasing'; readonly organisationId: string; readonly reason: ErasureReason }
  | {
      readonly stage: 'erased';
      readonly organisationId: string;
      readonly reason: ErasureReason;
      readonly erased: readonly ErasedRows[];
    };

/**
 * What a person may ask of those who hold their data (GDPR, articles 15 to 17). Data are never held for it; but whatever
 * they are held for, they may be read to answer such a request.
 */
export const DATA_SUBJECT_REQUEST = 'data-subject-request';

export const contact: Aggregate<ContactCommand, ContactState, ContactEvent> = {
  catalogue: contactEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

type Refused = ReturnType<typeof refuse>;

function decide(command: ContactCommand, state: ContactState): readonly ContactEvent[] | Refused {
  const { actor } = command.context;
  if (command.type === 'RecordContact') {
    if (state.stage !== 'none') return refuse('conflict', 'CONTACT_ALREADY_RECORDED', 'The contact is there already.');
    const { contactId, organisationId } = command.data;
    if (!actsFor(actor, organisationId, command.data)) return notYours();
    const holding = holdingOf(command.data, command.context);
    if ('refused' in holding) return holding;
    return [{ type: 'ContactRecorded', data: { contactId, organisationId, ...holding } }];
  }
  if (state.stage === 'none') return refuse('not-found', 'CONTACT_UNKNOWN', 'There is no such contact.');
  if (command.type === 'ConfirmErasure') {
    if (state.stage === 'erased') return [];
    if (state.stage === 'held') return refuse('conflict', 'CONTACT_HELD', 'Nobody has decided to erase this contact.');
    return [{ type: 'ContactErased', data: { reason: state.reason, erased: [...command.data.erased] } }];
  }
  if (command.type === 'EndRetention') {
    const { countedFrom, days } = command.data;
    const isOver = dayOf(command.context.at) >= addDays(dayOf(countedFrom), days);
    if (state.stage !== 'held' || !isOver) return [];
    return [{ type: 'ErasureDecided', data: { reason: 'organisation-gone', retention: { countedFrom, days } } }];
  }
  if (!actsFor(actor, state.organisationId, command.data)) return notYours();

  switch (command.type) {
    case 'ReviseContact': {
      if (state.stage !== 'held') return contactErased();
      const holding = holdingOf(command.data, command.context);
      return 'refused' in holding ? holding : [{ type: 'ContactRevised', data: holding }];
    }

    case 'ReadPersonalData': {
      if (state.stage !== 'held') return contactErased();
      const { purpose } = command.data;
      if (purpose !== DATA_SUBJECT_REQUEST && !state.purposes.includes(purpose)) {
        return refuse(
          'forbidden',
          'CONTACT_NOT_HELD_FOR_PURPOSE',
          'Personal data are read for a purpose that they are held for.',
          { purposes: state.purposes },
        );
      }
      return [{ type: 'PersonalDataRead', data: { organisationId: state.organisationId, purpose } }];
    }

    case 'WithdrawConsent':
      return state.stage === 'held' ? [{ type: 'ConsentWithdrawn', data: {} }] : [];

    case 'EraseContact':
      return state.stage === 'held' ? [{ type: 'ErasureDecided', data: { reason: command.data.reason } }] : [];

    default:
      return command satisfies never;
  }
}

/** Coordinators act for any organisation, representatives for their own and what was merged into it. */
function actsFor({ roles }: Actor, organisationId: string, { represented }: ActingRight): boolean {
  if (roles.includes('coordinator')) return true;
  return roles.includes('representative') && represented.includes(organisationId);
}

function holdingOf({ purposes, consent, permittedPurposes, reviewMonths }: Grounds, { at }: CommandContext) {
  const today = dayOf(at);
  if (purposes.some((purpose) => !permittedPurposes.includes(purpose))) {
    // Without the word itself, which may be anything that a client has sent.
    return refuse('unprocessable', 'CONTACT_PURPOSE_UNKNOWN', 'Personal data are held for settled purposes only.', {
      permittedPurposes,
    });
  }
  if (!isDay(consent.givenOn) || consent.givenOn > today) {
    return refuse(
      'unprocessable',
      'CONTACT_CONSENT_MISDATED',
      'Consent was given on a day that exists and is not one to come.',
      { givenOn: consent.givenOn },
    );
  }
  return { purposes: [...new Set(purposes)], consent, reviewOn: addMonths(today, reviewMonths) };
}

function notYours(): Refused {
  return refuse('forbidden', 'CONTACT_NOT_YOURS', 'A representative acts for their own organisation only.');
}

/** What everything that needs the data is answered from the moment on that their erasure is decided. */
export function contactErased(): Refused {
  return refuse('conflict', 'CONTACT_ERASED', 'The personal data of this contact are erased, and stay so.');
}

function evolve(state: ContactState, event: ContactEvent): ContactState {
  if (event.type === 'ContactRecorded') {
    const { organisationId, purposes } = event.data;
    return { stage: 'held', organisationId, purposes };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before ContactRecorded.`);
  const { organisationId } = state;
  switch (event.type) {
    case 'ContactRevised':
      return { stage: 'held', organisationId, purposes: event.data.purposes };
    case 'PersonalDataRead':
      return state;
    case 'ConsentWithdrawn':
      return { stage: 'erasing', organisationId, reason: 'consent-withdrawn' };
    case 'ErasureDecided':
      return { stage: 'erasing', organisationId, reason: event.data.reason };
    case 'ContactErased':
      return { stage: 'erased', organisationId, ...event.data };
    default:
      return event satisfies never;
  }
}
