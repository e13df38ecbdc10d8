import { fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { allocation, type AllocationCommand, disputedWeeks } from './allocation.decider';
import type { AllocationEvent, Side } from './allocation.events';
import { accepted, proposed, secured, started } from './allocation.given';

const IN_TIME = '2026-04-03T08:00:00.000Z';
const context = (subject: string, at = IN_TIME): AllocationCommand['context'] => ({
  ...{ commandId: 'c-1', correlationId: 'c-1', causationId: 'c-1', at },
  actor: { subject, roles: ['representative'] },
});
const accept = (side: Side, subject: string = side, at = IN_TIME): AllocationCommand => ({
  ...{ type: 'AcceptAllocation', data: { side }, context: context(subject, at) },
});
const decline = (side: Side): AllocationCommand => ({
  ...{ type: 'DeclineAllocation', data: { side, reasonCode: 'no-time' }, context: context(side) },
});
const step = (type: 'SecureCapacity' | 'ExpireAllocation' | 'StartAllocation', at = IN_TIME): AllocationCommand => ({
  ...{ type, data: {}, context: context('process', at) },
});
const says = (side: Side, week: string, minutes: number, at = '2026-04-20T08:00:00.000Z'): AllocationCommand => ({
  ...{ type: 'ReportHours', data: { side, week, minutes }, context: context(side, at) },
});
const release = (fromWeek?: string): AllocationCommand => ({
  type: 'ReleaseAllocation',
  data: { reasonCode: 'given-up', ...(fromWeek !== undefined && { fromWeek }) },
  context: context('helping'),
});
const when = (events: readonly AllocationEvent[], command: AllocationCommand) =>
  given(allocation.decider, events).when(command);
/** What comes of all these commands, one after the other; throws where one is refused. */
const after = (events: readonly AllocationEvent[], ...commands: AllocationCommand[]) =>
  commands.reduce<readonly AllocationEvent[]>((before, command) => {
    const decided = when(before, command);
    if (isRefusal(decided)) throw new Error(decided.code);
    return [...before, ...decided];
  }, events);
const last = (events: readonly AllocationEvent[]) => events.at(-1);

describe('An allocation is confirmed by both sides', () => {
  it('each of which accepts what the offer holds, by a person of its own', () => {
    expect(when([proposed], accept('helping'))).toMatchObject({ code: 'CAPACITY_NOT_SECURED' });
    expect(when([proposed, secured], accept('helping'))).toEqual([accepted('helping')]);
    expect(when([proposed, secured, accepted('helping')], accept('helping', 'another'))).toEqual([]);
    expect(when([proposed, secured, accepted('helping', 'one')], accept('supporting', 'one'))).toMatchObject({
      code: 'ALLOCATION_OTHER_SIDE_ACCEPTED_BY_SAME_PERSON',
    });
  });

  it('and starts only then', () => {
    const both = [proposed, secured, accepted('helping'), accepted('supporting')];
    expect(when(both, step('StartAllocation'))).toEqual([{ type: 'AllocationStarted', data: {} }]);
    expect(when(both.slice(0, 3), step('StartAllocation'))).toEqual([]);
    expect(when([...started], step('StartAllocation'))).toEqual([]);
  });

  it('or is declined by one of them, with a reason, until both have accepted', () => {
    const declined = when([proposed, secured, accepted('supporting')], decline('helping'));
    expect(declined).toMatchObject([{ type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'no-time' } }]);
    expect(when(after([proposed], decline('helping')), accept('supporting'))).toMatchObject({
      code: 'ALLOCATION_NOT_PROPOSED',
      data: { stage: 'declined' },
    });
    expect(when(after([proposed], decline('helping')), decline('helping'))).toEqual([]);
    expect(when([proposed, secured, accepted('helping'), accepted('supporting')], decline('helping'))).toMatchObject({
      code: 'ALLOCATION_NOT_PROPOSED',
    });
  });

  it('or expires, and says for whom it waited', () => {
    const late = proposed.data.expiresAt;
    expect(when([proposed, secured, accepted('helping')], step('ExpireAllocation', late))).toEqual([
      { type: 'AllocationExpired', data: { waitedFor: ['supporting'] } },
    ]);
    expect(when([proposed, secured], step('ExpireAllocation'))).toEqual([]);
    expect(when([proposed, secured], accept('helping', 'helping', late))).toMatchObject({ code: 'ALLOCATION_EXPIRED' });
    const both = [proposed, secured, accepted('helping'), accepted('supporting')];
    expect(when(both, step('ExpireAllocation', late))).toEqual([]);
    expect(when(after([proposed], step('ExpireAllocation', late)), step('ExpireAllocation', late))).toEqual([]);
  });

  it('or is called off, for reasons beside it, as long as it has not started', () => {
    const callOff: AllocationCommand = {
      type: 'CallOffAllocation',
      data: { reasonCode: 'need-closed' },
      context: context('helping'),
    };
    const released = { type: 'AllocationReleased', data: { reasonCode: 'need-closed' } };
    expect(when([proposed], callOff)).toEqual([released]);
    expect(when([proposed, secured, accepted('helping'), accepted('supporting')], callOff)).toEqual([released]);
    expect(when(started, callOff)).toEqual([]);
    expect(after([proposed], callOff, callOff)).toHaveLength(2);
  });

  it('or fails, when the offer cannot hold the minutes', () => {
    const fail: AllocationCommand = {
      ...{ type: 'FailAllocation', data: { reasonCode: 'capacity-taken' }, context: context('process') },
    };
    expect(when([proposed], fail)).toMatchObject([{ type: 'AllocationFailed' }]);
    expect(when([...started], fail)).toEqual([]);
    expect(when(after([proposed], fail), step('SecureCapacity'))).toEqual([]);
  });
});

describe('The hours of an allocation', () => {
  it('are delivered when both sides have said the same of every week', () => {
    const most = after(started, says('helping', '2026-W15', 300), says('supporting', '2026-W15', 300));
    expect(last(most)).toMatchObject({ type: 'HoursReported' });
    const all = after(most, says('supporting', '2026-W16', 0), says('helping', '2026-W16', 0));
    expect(last(all)).toEqual({ type: 'AllocationDelivered', data: { minutes: 300 } });
    expect(when(all, says('helping', '2026-W16', 60))).toMatchObject({ code: 'ALLOCATION_NOT_STARTED' });
  });

  it('are disputed as long as the sides say different things, which all can see', () => {
    const one = after(started, says('helping', '2026-W15', 240), says('supporting', '2026-W15', 300));
    expect(last(one)).toEqual({
      type: 'DeliveryDisputed',
      data: { week: '2026-W15', helping: 240, supporting: 300 },
    });
    const reportsOf = (events: readonly AllocationEvent[]) => {
      const state = fold(allocation.decider.evolve, allocation.decider.initialState, events);
      return state.stage === 'started' ? disputedWeeks(state.reports) : undefined;
    };
    expect(reportsOf(one)).toEqual(['2026-W15']);
    const agreed = after(one, says('supporting', '2026-W15', 240));
    expect(reportsOf(agreed)).toEqual([]);
    expect(when(agreed, says('supporting', '2026-W15', 240))).toEqual([]);
  });

  it('are of weeks that are allocated and have begun, in Berlin', () => {
    expect(when(started, says('helping', '2026-W17', 60))).toMatchObject({ code: 'WEEK_NOT_ALLOCATED' });
    expect(when(started, says('helping', '2026-W15', 60, '2026-04-05T21:59:59.000Z'))).toMatchObject({
      code: 'WEEK_TO_COME',
    });
    expect(when(started, says('helping', '2026-W15', 60, '2026-04-05T22:00:00.000Z'))).toMatchObject([
      { type: 'HoursReported' },
    ]);
    expect(when([proposed], says('helping', '2026-W15', 60))).toMatchObject({ code: 'ALLOCATION_NOT_STARTED' });
  });

  it('of the weeks before it was given up can still be delivered', () => {
    const kept = after(started, says('helping', '2026-W15', 300), release('2026-W16'));
    expect(last(after(kept, says('supporting', '2026-W15', 300)))).toEqual({
      type: 'AllocationDelivered',
      data: { minutes: 300 },
    });
    const agreed = after(started, says('helping', '2026-W15', 300), says('supporting', '2026-W15', 300));
    expect(last(after(agreed, release('2026-W16')))).toMatchObject({ type: 'AllocationDelivered' });
    expect(when(kept, release('2026-W16'))).toEqual([]);
    expect(when(after(started, release()), says('helping', '2026-W15', 300))).toMatchObject({
      code: 'ALLOCATION_NOT_STARTED',
    });
  });

  it('never start without two persons, whatever comes in whichever order', () => {
    const going = [step('SecureCapacity'), step('StartAllocation'), step('StartAllocation')];
    const commands: readonly AllocationCommand[] = [
      ...[...going, ...going, ...going, accept('helping', 'a'), accept('supporting', 'b')],
      ...[accept('helping', 'a'), accept('helping', 'b'), accept('supporting', 'a'), accept('supporting', 'b')],
      ...[step('ExpireAllocation', proposed.data.expiresAt), decline('helping')],
      ...[release('2026-W16'), says('helping', '2026-W15', 1)],
    ];
    let starts = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...commands), { minLength: 10, maxLength: 30 }), (order) => {
        let events: readonly AllocationEvent[] = [proposed];
        for (const command of order) {
          const decided = when(events, command);
          if (!isRefusal(decided)) events = [...events, ...decided];
        }
        const at = events.findIndex(({ type }) => type === 'AllocationStarted');
        if (at < 0) return;
        starts += 1;
        const before = events.slice(0, at).flatMap((one) => (one.type === 'AllocationAccepted' ? [one.data] : []));
        expect(before.map(({ side }) => side).sort()).toEqual(['helping', 'supporting']);
        expect(new Set(before.map(({ acceptedBy }) => acceptedBy)).size).toBe(2);
        expect(events.filter(({ type }) => type === 'AllocationStarted')).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
    expect(starts).toBeGreaterThan(50);
  });
});
