import { given } from '@alliance/event-sourcing';
import { canonicalJson } from './canonical-json';
import { matchingRound, type MatchingRoundCommand } from './matching-round.decider';
import type { DataOf, MatchingRoundEvent, Unserved } from './matching-round.events';
import { roundSettings } from './round-inputs.given';

const context: MatchingRoundCommand['context'] = {
  ...{ commandId: 'c', correlationId: 'c', causationId: 'c', at: '2026-04-01T08:00:00.000Z' },
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
};
const request: Omit<DataOf<'RoundRequested'>, 'requestedBy'> = {
  ...{ settings: roundSettings, timeLimitMs: 1000, position: '1/1', inputsDigest: 'a'.repeat(64) },
  ...{ offers: 1, needs: 1, pausedOrganisationIds: [] },
};
const requested: MatchingRoundEvent = { type: 'RoundRequested', data: { ...request, requestedBy: 'coordinator-1' } };
const solution: DataOf<'RoundSolved'> = {
  ...{ method: 1, weeks: [], certificateDigest: 'b'.repeat(64), milliseconds: 1, pairs: 0, proposals: 0, unserved: 0 },
};
const unservedNeed: Unserved = {
  ...{ needId: '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02', severity: 2, reason: 'NO_OFFER_IN_FIELD', nearestMisses: [] },
  weeks: [{ from: '2026-W15', to: '2026-W15', minutes: 60 }],
};
const solved: MatchingRoundEvent = { type: 'RoundSolved', data: solution };
const stopped: MatchingRoundEvent = { type: 'RoundStopped', data: { reasonCode: 'by-coordinator' } };
const decide = (events: readonly MatchingRoundEvent[]) => given(matchingRound.decider, events);
const code = (refusal: unknown) => (refusal as { readonly code: string }).code;

describe('A matching round', () => {
  it('is requested once, for settings, at a position, with a digest of what it sees', () => {
    const command: MatchingRoundCommand = { type: 'RequestRound', data: request, context };
    expect(decide([]).when(command)).toEqual([requested]);
    expect(code(decide([requested]).when(command))).toBe('ROUND_EXISTS');
  });

  it('has one result: what comes after it is refused', () => {
    const conclude: MatchingRoundCommand = { type: 'ConcludeRound', data: solution, context };
    const stop: MatchingRoundCommand = { type: 'StopRound', data: stopped.data, context };
    expect(code(decide([]).when(conclude))).toBe('ROUND_UNKNOWN');
    expect(decide([requested]).when(conclude)).toEqual([solved]);
    expect(decide([requested]).when(stop)).toEqual([stopped]);
    expect(decide([requested, stopped]).when(stop)).toEqual([]);
    for (const end of [solved, stopped]) expect(code(decide([requested, end]).when(conclude))).toBe('ROUND_ENDED');
    expect(code(decide([requested, solved]).when(stop))).toBe('ROUND_ENDED');
  });

  it('has a result only of all that is recorded, and of no more', () => {
    const one: MatchingRoundEvent = { type: 'RoundUnserved', data: { piece: 0, unserved: [unservedNeed] } };
    const conclude = (unserved: number): MatchingRoundCommand => ({
      ...{ type: 'ConcludeRound', data: { ...solution, unserved }, context },
    });
    expect(decide([requested, one]).when(conclude(1))).toEqual([{ ...solved, data: { ...solution, unserved: 1 } }]);
    expect(code(decide([requested, one]).when(conclude(0)))).toBe('ROUND_INCOMPLETE');
    expect(code(decide([requested, one]).when(conclude(2)))).toBe('ROUND_INCOMPLETE');
    const more = { ...conclude(1), data: { ...solution, unserved: 1, proposals: 1 } } as MatchingRoundCommand;
    expect(code(decide([requested, one]).when(more))).toBe('ROUND_INCOMPLETE');
  });

  it('leaves proposals out that no longer hold, once it is solved', () => {
    const data = { ...{ needId: 'n', offerId: 'o' }, reasonCode: 'NEED_CLOSED' };
    const leaveOut: MatchingRoundCommand = { type: 'LeaveProposalOut', data, context };
    expect(decide([requested, solved]).when(leaveOut)).toEqual([{ type: 'ProposalLeftOut', data }]);
    for (const events of [[requested], [requested, stopped]])
      expect(code(decide(events).when(leaveOut))).toBe('ROUND_NOT_SOLVED');
  });

  it('records its pieces in turn', () => {
    const piece = (at: number): MatchingRoundCommand => ({
      ...{ type: 'RecordUnserved', context },
      data: { piece: at, unserved: [] },
    });
    expect(decide([requested]).when(piece(0))).toEqual([{ type: 'RoundUnserved', data: piece(0).data }]);
    expect(code(decide([requested]).when(piece(1)))).toBe('PIECE_OUT_OF_TURN');
    const first: MatchingRoundEvent = { type: 'RoundUnserved', data: { piece: 0, unserved: [] } };
    expect(code(decide([requested, first]).when(piece(0)))).toBe('PIECE_OUT_OF_TURN');
  });
});

describe('The canonical form of a value', () => {
  it('does not depend on the order of fields or of entries', () => {
    const one = {
      b: [1, { d: 1, c: undefined }],
      a: new Map([
        ['y', 2],
        ['x', 1],
      ]),
    };
    const other = {
      a: new Map([
        ['x', 1],
        ['y', 2],
      ]),
      b: [1, { d: 1 }],
    };
    expect(canonicalJson(one)).toBe('{"a":{"x":1,"y":2},"b":[1,{"d":1}]}');
    expect(canonicalJson(other)).toBe(canonicalJson(one));
  });
});
