import { dayOf } from '@alliance/calendar';
import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { atMost, type Currency, inWords, minus, type Money, plus, sum } from '../money';
import { coverFor, type FreePart, giveBack, type GrantScope } from './cover';
import { type Cover, type Earmark, type PotEvent, potEvents } from './pot.events';

export type PotCommand =
  | Command<'OpenPot', { readonly name: string; readonly currency: Currency }>
  | Command<
      'ReceiveContribution',
      {
        readonly contributionId: string;
        readonly donorOrganisationId: string;
        /** Whether the registry has told of it. */
        readonly donorIsKnown: boolean;
        readonly amount: Money;
        readonly receivedOn: string;
        readonly earmark?: Earmark;
      }
    >
  | Command<'ReserveAmount', Attempt & GrantScope & { readonly amount: Money }>
  | Command<'ReleaseReservation', Attempt & { readonly reasonCode: string }>
  | Command<'ConfirmAward', Attempt>
  | Command<
      'ReduceCommitment',
      {
        readonly grantId: string;
        readonly settlementId: string;
        readonly amount: Money;
        readonly cause: 'not-paid-out' | 'returned';
      }
    >;

interface Attempt {
  readonly grantId: string;
  readonly attempt: number;
}

interface Contribution {
  readonly contributionId: string;
  readonly donorOrganisationId: string;
  readonly amount: Money;
  readonly receivedOn: string;
  readonly earmark?: Earmark;
}

/** What became of the last attempt to award a grant; the cover is what it holds at present, nothing unless it holds. */
interface Hold {
  readonly attempt: number;
  readonly status: 'reserved' | 'committed' | 'released' | 'declined';
  readonly cover: Cover;
}

interface OpenPot {
  readonly stage: 'open';
  readonly name: string;
  readonly currency: Currency;
  readonly contributions: ReadonlyMap<string, Contribution>;
  /** By grant. */
  readonly holds: ReadonlyMap<string, Hold>;
  readonly settlements: ReadonlySet<string>;
}

export type PotState = { readonly stage: 'none' } | OpenPot;

/** As many as a cover can name. */
const MOST_CONTRIBUTIONS = 1000;

/**
 * Whatever is promised from a pot is taken from its contributions here, so that none is ever promised twice. Commands
 * about attempts come from the process of an award, which may repeat each of them.
 */
export const pot: Aggregate<PotCommand, PotState, PotEvent> = {
  catalogue: potEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      const { actor, at } = command.context;
      if (command.type === 'OpenPot') {
        if (state.stage === 'open') return refuse('conflict', 'POT_EXISTS', 'There is a pot under this id already.');
        return [{ type: 'PotOpened', data: { ...command.data, openedBy: actor.subject } }];
      }
      if (state.stage === 'none') return refuse('not-found', 'POT_UNKNOWN', 'There is no pot with this id.');
      switch (command.type) {
        case 'ReceiveContribution': {
          const { donorIsKnown, ...contribution } = command.data;
          if (state.contributions.has(contribution.contributionId)) return [];
          if (!donorIsKnown) {
            const detail = 'A contribution is of an organisation that the registry has admitted.';
            return refuse('unprocessable', 'DONOR_UNKNOWN', detail, {
              organisationId: contribution.donorOrganisationId,
            });
          }
          const today = dayOf(at);
          if (contribution.receivedOn > today) {
            const detail = `It cannot have been received on ${contribution.receivedOn}, which is to come; today is ${today}.`;
            return refuse('unprocessable', 'CONTRIBUTION_IN_FUTURE', detail, { today });
          }
          if (state.contributions.size >= MOST_CONTRIBUTIONS) {
            const detail = `A pot has ${MOST_CONTRIBUTIONS} contributions at most; open another.`;
            return refuse('conflict', 'POT_FULL', detail, { most: MOST_CONTRIBUTIONS });
          }
          return [{ type: 'ContributionReceived', data: { ...contribution, recordedBy: actor.subject } }];
        }
        case 'ReserveAmount':
          return reserve(command.data, state);
        case 'ReleaseReservation': {
          const { grantId, attempt } = command.data;
          const hold = state.holds.get(grantId);
          if (hold?.attempt === attempt && hold.status === 'committed') return notReserved(grantId, attempt);
          return hold?.attempt === attempt && hold.status === 'reserved'
            ? [{ type: 'ReservationReleased', data: command.data }]
            : [];
        }
        case 'ConfirmAward': {
          const { grantId, attempt } = command.data;
          const hold = state.holds.get(grantId);
          if (hold?.attempt !== attempt) return notReserved(grantId, attempt);
          if (hold.status === 'committed') return [];
          return hold.status === 'reserved'
            ? [{ type: 'AwardConfirmed', data: { grantId, attempt } }]
            : notReserved(grantId, attempt);
        }
        case 'ReduceCommitment': {
          const { grantId, settlementId, amount } = command.data;
          if (state.settlements.has(settlementId)) return [];
          const committed = committedTo(state, grantId);
          if (!atMost(amount, committed)) {
            const detail = `${inWords(amount)} cannot go back to the pot: ${inWords(committed)} are committed to the grant.`;
            return refuse('conflict', 'COMMITMENT_EXCEEDED', detail, { grantId, amount, committed });
          }
          return [{ type: 'CommitmentReduced', data: command.data }];
        }
      }
    },

    evolve(state, event) {
      if (event.type === 'PotOpened') {
        const { name, currency } = event.data;
        const nothing = { contributions: new Map(), holds: new Map(), settlements: new Set<string>() };
        return { stage: 'open', name, currency, ...nothing };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the opening of the pot.');
      const holding = (grantId: string, hold: Hold): PotState => ({
        ...state,
        holds: new Map(state.holds).set(grantId, hold),
      });
      switch (event.type) {
        case 'ContributionReceived': {
          const { recordedBy: _, ...contribution } = event.data;
          const contributions = new Map(state.contributions).set(contribution.contributionId, contribution);
          return { ...state, contributions };
        }
        case 'AmountReserved': {
          const { grantId, attempt, cover } = event.data;
          return holding(grantId, { attempt, status: 'reserved', cover });
        }
        case 'ReservationDeclined':
          return holding(event.data.grantId, { attempt: event.data.attempt, status: 'declined', cover: [] });
        case 'ReservationReleased':
          return holding(event.data.grantId, { attempt: event.data.attempt, status: 'released', cover: [] });
        case 'AwardConfirmed': {
          const { grantId, attempt } = event.data;
          return holding(grantId, { attempt, status: 'committed', cover: holdOf(state, grantId).cover });
        }
        case 'CommitmentReduced': {
          const { grantId, settlementId, amount } = event.data;
          const hold = holdOf(state, grantId);
          const settlements = new Set(state.settlements).add(settlementId);
          const holds = new Map(state.holds).set(grantId, { ...hold, cover: giveBack(hold.cover, amount) });
          return { ...state, holds, settlements };
        }
      }
    },
  },
};

/** The contributions in the order they were recorded, each with what nothing is promised of. */
export function contributionsOf({ contributions, holds }: OpenPot): readonly (Contribution & FreePart)[] {
  const free = new Map([...contributions].map(([id, { amount }]) => [id, amount]));
  for (const { cover } of holds.values()) {
    for (const { contributionId, amount } of cover) {
      const before = free.get(contributionId);
      if (before === undefined) throw new Error(`No contribution ${contributionId} is there to be covered by.`);
      free.set(contributionId, minus(before, amount));
    }
  }
  return [...contributions.values()].map((one) => ({ ...one, free: free.get(one.contributionId) ?? one.amount }));
}

/** What is in the pot and what is promised of it; free = contributed − reserved − committed, never negative. */
export function figuresOf({ currency, contributions, holds }: OpenPot) {
  const holdsWith = (status: Hold['status']) =>
    sum(
      [...holds.values()].filter((hold) => hold.status === status).map((hold) => held(hold, currency)),
      currency,
    );
  const contributed = sum(
    [...contributions.values()].map(({ amount }) => amount),
    currency,
  );
  const [reserved, committed] = [holdsWith('reserved'), holdsWith('committed')];
  return { contributed, reserved, committed, free: minus(contributed, plus(reserved, committed)) };
}

/** What the pot holds for a grant that is awarded, less what was given back; nothing before. */
export function committedTo(state: OpenPot, grantId: string): Money {
  const hold = state.holds.get(grantId);
  return hold?.status === 'committed' ? held(hold, state.currency) : sum([], state.currency);
}

function reserve({ grantId, attempt, amount, ...scope }: Attempt & GrantScope & { amount: Money }, state: OpenPot) {
  const hold = state.holds.get(grantId);
  if (hold !== undefined && attempt <= hold.attempt) return [];
  if (hold?.status === 'reserved' || hold?.status === 'committed') {
    const detail = `Attempt ${hold.attempt} to award the grant holds money of the pot; it has to be released first.`;
    return refuse('conflict', 'POT_HOLDS_EARLIER_ATTEMPT', detail, { grantId, attempt: hold.attempt });
  }
  const found = coverFor(amount, scope, contributionsOf(state));
  const data = { grantId, attempt, amount };
  return 'cover' in found
    ? [{ type: 'AmountReserved', data: { ...data, cover: found.cover } } as const]
    : [{ type: 'ReservationDeclined', data: { ...data, coverable: found.coverable } } as const];
}

function held({ cover }: Hold, currency: Currency): Money {
  return sum(
    cover.map(({ amount }) => amount),
    currency,
  );
}

function holdOf({ holds }: OpenPot, grantId: string): Hold {
  const hold = holds.get(grantId);
  if (hold === undefined) throw new Error(`Nothing was reserved for the grant ${grantId}.`);
  return hold;
}

function notReserved(grantId: string, attempt: number) {
  const detail = `Attempt ${attempt} to award the grant has nothing reserved in this pot.`;
  return refuse('conflict', 'POT_ATTEMPT_NOT_RESERVED', detail, { grantId, attempt });
}
