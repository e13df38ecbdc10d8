import { type CommandContext, given } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { contact, type ContactCommand, type ContactState } from './contact.decider';
import {
  consent,
  consentWithdrawn,
  contactId,
  context,
  erased,
  erasureDecided,
  grounds,
  organisationId,
  otherOrganisationId,
  recorded,
  revised,
} from './contact.given';
import type { ContactEvent } from './contact.events';

const { decider } = contact;
const coordinator = context('coordinator');
const own = context('representative', organisationId);
const foreign = context('representative', otherOrganisationId);

/** Who acts for an organisation with nothing merged into it represents that one. */
const rightOf = ({ actor }: CommandContext) => ({
  represented: actor.organisationId === undefined ? [] : [actor.organisationId],
});
const record = (more: Partial<typeof grounds> = {}, by = coordinator): ContactCommand => ({
  type: 'RecordContact',
  data: { contactId, organisationId, ...grounds, ...more, ...rightOf(by) },
  context: by,
});
const revise = (by = coordinator, right = rightOf(by)): ContactCommand => ({
  type: 'ReviseContact',
  data: { ...grounds, ...right },
  context: by,
});
const read = (purpose: string, by = coordinator, right = rightOf(by)): ContactCommand => ({
  type: 'ReadPersonalData',
  data: { purpose, ...right },
  context: by,
});
const withdraw = (by = coordinator, right = rightOf(by)): ContactCommand => ({
  type: 'WithdrawConsent',
  data: right,
  context: by,
});
const erase = (by = coordinator, right = rightOf(by)): ContactCommand => ({
  type: 'EraseContact',
  data: { reason: 'requested', ...right },
  context: by,
});
const confirm: ContactCommand = {
  type: 'ConfirmErasure',
  data: { erased: [{ table: 'personal_data', rows: 1 }] },
  context: context('nobody'),
};
const when = (command: ContactCommand, ...events: ContactEvent[]) => given(decider, events).when(command);

describe('a contact', () => {
  it('is recorded for settled purposes, with the consent and the day of its review', () => {
    expect(when(record())).toEqual([recorded]);
    expect(when(record({}, own))).toEqual([recorded]);
  });

  it('is held for no purpose that is not settled, and the refusal does not repeat the word', () => {
    expect(when(record({ purposes: ['coordination', 'kaethe-groessmann'] }))).toMatchObject({
      code: 'CONTACT_PURPOSE_UNKNOWN',
      data: {
        permittedPurposes: grounds.permittedPurposes,
      },
    });
  });

  it.each(['2026-03-02', '2026-02-30'])('needs a consent of a day that has been: not %s', (givenOn) => {
    expect(when(record({ consent: { ...consent, givenOn } }))).toMatchObject({ code: 'CONTACT_CONSENT_MISDATED' });
  });

  it('is recorded once', () => expect(when(record(), recorded)).toMatchObject({ code: 'CONTACT_ALREADY_RECORDED' }));

  it.each([
    ['record', record({}, foreign), []],
    ['revise', revise(foreign), [recorded]],
    ['read', read('coordination', foreign), [recorded]],
    ['withdraw the consent of', withdraw(foreign), [recorded]],
    ['erase', erase(foreign), [recorded]],
    ['record, as an auditor,', record({}, context('auditor')), []],
    ['read, as an auditor,', read('coordination', context('auditor', organisationId)), [recorded]],
  ])('is not for others to %s', (_, command, events) => {
    expect(when(command, ...events)).toMatchObject({ code: 'CONTACT_NOT_YOURS' });
  });

  it('is, while its organisation is merged into another one, for that one and not for its own any more', () => {
    const survivors = { represented: [otherOrganisationId, organisationId] };
    const nobody = { represented: [] };
    for (const each of [revise, withdraw, erase, read.bind(null, 'coordination')]) {
      expect(when(each(foreign, survivors), recorded)).toHaveLength(1);
      expect(when(each(own, nobody), recorded)).toMatchObject({ code: 'CONTACT_NOT_YOURS' });
    }
  });

  it('is revised as a whole, and reviewed later then', () => {
    const later = { ...revise(own), context: { ...own, at: '2027-03-01T10:00:00.000Z' } } as ContactCommand;
    expect(when(later, recorded)).toEqual([
      {
        type: 'ContactRevised',
        data: { purposes: ['coordination'], consent, reviewOn: '2029-03-01' },
      },
    ]);
  });

  it('is read for a purpose that it is held for, and to answer the person', () => {
    const readFor = (purpose: string): ContactEvent => ({
      type: 'PersonalDataRead',
      data: { organisationId, purpose },
    });
    expect(when(read('coordination', own), recorded)).toEqual([readFor('coordination')]);
    expect(when(read('data-subject-request', own), recorded)).toEqual([readFor('data-subject-request')]);
    expect(when(read('payments'), recorded)).toMatchObject({
      code: 'CONTACT_NOT_HELD_FOR_PURPOSE',
      data: { purposes: ['coordination'] },
    });
    expect(when(read('coordination'), recorded, revised)).toMatchObject({ code: 'CONTACT_NOT_HELD_FOR_PURPOSE' });
  });

  it('is erased when its consent is withdrawn or its erasure decided; once', () => {
    expect(when(withdraw(own), recorded)).toEqual([consentWithdrawn]);
    expect(when(erase(own), recorded)).toEqual([erasureDecided]);
    expect(when(confirm, recorded, erasureDecided)).toEqual([erased]);
    expect(when(confirm, recorded, consentWithdrawn)).toEqual([
      {
        type: 'ContactErased',
        data: { reason: 'consent-withdrawn', erased: [{ table: 'personal_data', rows: 1 }] },
      },
    ]);
    for (const events of [
      [recorded, erasureDecided],
      [recorded, consentWithdrawn],
      [recorded, erasureDecided, erased],
    ]) {
      expect(when(withdraw(), ...events)).toEqual([]);
      expect(when(erase(), ...events)).toEqual([]);
    }
    expect(when(confirm, recorded, erasureDecided, erased)).toEqual([]);
    expect(when(confirm, recorded)).toMatchObject({ code: 'CONTACT_HELD' });
  });

  it('is erased by the clock when the retention of who is gone has passed, and not a day sooner', () => {
    const countedFrom = '2025-03-01T23:00:00.000Z';
    const end = (days: number): ContactCommand => ({
      type: 'EndRetention',
      data: { countedFrom, days },
      context: context('clock'),
    });
    expect(when(end(366), recorded)).toEqual([]);
    expect(when(end(365), recorded)).toEqual([
      { type: 'ErasureDecided', data: { reason: 'organisation-gone', retention: { countedFrom, days: 365 } } },
    ]);
    for (const since of [[erasureDecided], [consentWithdrawn], [erasureDecided, erased]]) {
      expect(when(end(365), recorded, ...since)).toEqual([]);
    }
    expect(when(end(365))).toMatchObject({ code: 'CONTACT_UNKNOWN' });
  });

  it('is neither read nor revised from the decision to erase it on', () => {
    for (const events of [
      [recorded, erasureDecided],
      [recorded, consentWithdrawn],
      [recorded, erasureDecided, erased],
    ]) {
      expect(when(read('coordination'), ...events)).toMatchObject({ code: 'CONTACT_ERASED' });
      expect(when(read('data-subject-request'), ...events)).toMatchObject({ code: 'CONTACT_ERASED' });
      expect(when(revise(), ...events)).toMatchObject({ code: 'CONTACT_ERASED' });
    }
  });

  it('that nobody knows is unknown', () => {
    for (const command of [revise(), read('coordination'), withdraw(), erase(), confirm]) {
      expect(when(command)).toMatchObject({ code: 'CONTACT_UNKNOWN' });
    }
  });

  it('never comes back, whatever is asked of it in whatever order', () => {
    const commands = fc.constantFrom(record(), revise(), read('coordination'), withdraw(), erase(), confirm);
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 20 }), (sequence) => {
        let state: ContactState = decider.initialState;
        let gone = false;
        for (const command of sequence) {
          const decided = decider.decide(command, state);
          if ('refused' in decided) continue;
          for (const event of decided) {
            state = decider.evolve(state, event);
            if (gone) expect(event.type).toBe('ContactErased');
            gone ||= event.type === 'ConsentWithdrawn' || event.type === 'ErasureDecided';
          }
          if (gone) expect(['erasing', 'erased']).toContain(state.stage);
        }
      }),
    );
  });
});
