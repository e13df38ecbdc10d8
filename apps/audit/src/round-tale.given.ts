import { randomUUID } from 'node:crypto';
import { type MatchingRoundEvent, matchingRoundEvents, ROUND_METHOD } from '@alliance/capacity-matching/events';
import type { Planted } from './audit.given';

type DataOf<Type extends MatchingRoundEvent['type']> = Extract<MatchingRoundEvent, { type: Type }>['data'];
export type Proposal = DataOf<'RoundProposed'>['proposals'][number];
type Unserved = DataOf<'RoundUnserved'>['unserved'][number];

const terms = { fit: 10, date: 10, strain: 10, waiting: 10, load: 10, distance: 10, shortage: 0 };

/** That the offer helps the need, so many minutes in a run of weeks. */
export function proposalOf(
  ids: { readonly need: string; readonly offer: string; readonly helper: string; readonly supporter: string },
  weeks: Proposal['weeks'],
): Proposal {
  const organisations = { helpingOrganisationId: ids.helper, supportingOrganisationId: ids.supporter };
  return { needId: ids.need, offerId: ids.offer, ...organisations, weeks, score: 100, terms };
}

/** A round that saw the log up to the position, as the service would have written it. */
export function aRoundTale(
  position: string,
  proposals: readonly Proposal[],
  {
    unserved = [],
    inputsDigest = '0'.repeat(64),
    isOptimal = true,
    method = ROUND_METHOD,
  }: {
    readonly unserved?: readonly Unserved[];
    readonly inputsDigest?: string;
    readonly isOptimal?: boolean;
    readonly method?: number;
  } = {},
): { readonly roundId: string; readonly tale: readonly Planted[] } {
  const roundId = randomUUID();
  const weights = { fit: 1, date: 1, strain: 1, waiting: 1, load: 1, distance: 1, shortage: 1 };
  const window = { today: '2026-04-02', firstWeek: '2026-W15', lastWeek: '2026-W18' };
  const settings = { ...window, weights, waitingFullDays: 30, loadFullPeople: 50, holdHours: 72 };
  const seen = { settings, timeLimitMs: 1000, position, inputsDigest, offers: 1, needs: 1 };
  const solved = { from: '2026-W15', to: '2026-W18', servedMinutes: [0, 300, 0], objective: 90, bound: 90 };
  const counted = { proposals: proposals.length, unserved: unserved.length, pairs: 1, milliseconds: 2 };
  const events: readonly (readonly [string, MatchingRoundEvent])[] = [
    [
      'requested',
      {
        type: 'RoundRequested',
        data: { ...seen, pausedOrganisationIds: [], requestedBy: 'coordinator-1' },
      },
    ],
    ['round proposed', { type: 'RoundProposed', data: { piece: 0, proposals: [...proposals] } }],
    ['unserved', { type: 'RoundUnserved', data: { piece: 0, unserved: [...unserved] } }],
    [
      'solved',
      {
        type: 'RoundSolved',
        data: { method, weeks: [{ ...solved, isOptimal }], certificateDigest: '0'.repeat(64), ...counted },
      },
    ],
  ];
  const told = events.filter(([key]) => key !== 'unserved' || unserved.length > 0);
  const tale = told.map(([key, event], index): Planted => ({
    ...{ key, catalogue: matchingRoundEvents, id: roundId, event, eventId: randomUUID() },
    ...{ by: 'coordinator-1', roles: ['coordinator'], at: new Date(Date.UTC(2026, 3, 2, index)).toISOString() },
  }));
  return { roundId, tale };
}
