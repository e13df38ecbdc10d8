import { given as givenEvents } from '@alliance/event-sourcing';
import fc from 'fast-check';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, ids } from '../grant/grant.given';
import type { StandingState } from '../standing';
import { type NoteRecipientStanding, recipientStanding } from './recipient-standing.decider';

const given = (...events: GrantEvent[]) => givenEvents(recipientStanding.decider, events);
const note = (data: StandingState): NoteRecipientStanding => ({
  type: 'NoteRecipientStanding',
  data,
  context: context('fund.recipient-standing'),
});
const changed = (data: StandingState): GrantEvent => ({
  type: 'RecipientStandingChanged',
  data: { organisationId: ids.applicant, ...data },
});
const admitted: StandingState = { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' };
const suspended: StandingState = { ...admitted, standing: 'suspended', since: '2026-04-01T00:00:00.000Z' };
const reinstated: StandingState = { ...admitted, since: '2026-05-01T00:00:00.000Z' };
const merged: StandingState = { ...admitted, survivorId: ids.donor, since: '2026-06-01T00:00:00.000Z' };

describe('the standing of a recipient', () => {
  it('is kept with the grant at whatever stage', () => {
    expect(given(...aGrant({ upTo: 'drafted' })).when(note(admitted))).toEqual([changed(admitted)]);
    expect(given(...aGrant({ upTo: 'ordered' })).when(note(suspended))).toEqual([changed(suspended)]);
    expect(given(...aGrant({ upTo: 'paid' })).when(note(merged))).toEqual([changed(merged)]);
  });

  it('changes by suspension and reinstatement', () => {
    const before = [...aGrant({ upTo: 'ordered' }), changed(suspended)];
    expect(given(...before).when(note(reinstated))).toEqual([changed(reinstated)]);
  });

  it('is not recorded twice', () => {
    const before = [...aGrant({ upTo: 'ordered' }), changed(suspended)];
    expect(given(...before).when(note(suspended))).toEqual([]);
  });

  it('is not changed by news that come late', () => {
    const before = [...aGrant({ upTo: 'ordered' }), changed(suspended), changed(reinstated)];
    expect(given(...before).when(note(suspended))).toEqual([]);
  });

  it('is of a grant', () => {
    expect(given().when(note(suspended))).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
  });

  it('ends as the newest news say, in whatever order and how often they come', () => {
    const news = [admitted, suspended, reinstated, merged];
    fc.assert(
      fc.property(fc.shuffledSubarray([...news, ...news], { minLength: 1 }), (told) => {
        let events = aGrant({ upTo: 'drafted' });
        for (const one of told) {
          const decided = given(...events).when(note(one));
          events = [...events, ...(decided as GrantEvent[])];
        }
        const newest = [...told].sort((a, b) => (a.since < b.since ? 1 : -1))[0]!;
        expect(events.at(-1)).toEqual(changed(newest));
      }),
    );
  });
});
