/** How an organisation stands by what the registry has told, as the record that survives its merges. */
export interface Standing {
  readonly status: 'admitted' | 'suspended' | 'left';
  readonly survivorId: string;
}

/** Something that is under way of organisations, and how these stand: absent where nobody has told. */
export interface Commitment {
  readonly id: string;
  readonly kind: 'offer' | 'need' | 'allocation';
  readonly stage: 'open' | 'started' | 'ended';
  readonly supporting: Standing | undefined;
  readonly helping: Standing | undefined;
  /** The need of the allocation is closed. */
  readonly isNeedClosed: boolean;
  /** The offer is paused because its organisation is suspended. */
  readonly isFrozen: boolean;
  /** The last week of the allocation. */
  readonly lastWeek: string | null;
  readonly revision: string;
}

export const ORGANISATION_SUSPENDED = 'organisation-suspended';
const ORGANISATION_LEFT = 'organisation-left';

/** What is to be done about a commitment, whose id is the target. */
export type StandingWish =
  | Wish<'PauseOffer' | 'ResumeOffer' | 'WithdrawOffer', { readonly reasonCode: string }>
  | Wish<'CloseNeed', { readonly reasonCode: 'organisation-left' }>
  | Wish<'CallOffAllocation', { readonly reasonCode: string }>
  | Wish<'ReleaseAllocation', { readonly reasonCode: string; readonly fromWeek: string }>;

interface Wish<Type extends string, Data> {
  readonly type: Type;
  readonly target: string;
  readonly data: Data;
}

/**
 * What follows for a commitment from how things stand now, whatever the news was and in which order it came. Whoever is
 * suspended begins nothing, and goes on with what has started; whoever has left ends all.
 */
export function wishFor(commitment: Commitment, thisWeek: string): StandingWish | undefined {
  const { kind, id: target, supporting, helping, isFrozen } = commitment;
  switch (kind) {
    case 'offer':
      if (supporting?.status === 'left') {
        return { type: 'WithdrawOffer', target, data: { reasonCode: ORGANISATION_LEFT } };
      }
      if (supporting?.status === 'suspended' && !isFrozen) {
        return { type: 'PauseOffer', target, data: { reasonCode: ORGANISATION_SUSPENDED } };
      }
      if (supporting?.status === 'admitted' && isFrozen) {
        return { type: 'ResumeOffer', target, data: { reasonCode: ORGANISATION_SUSPENDED } };
      }
      return undefined;
    case 'need':
      return helping?.status === 'left'
        ? { type: 'CloseNeed', target, data: { reasonCode: ORGANISATION_LEFT } }
        : undefined;
    case 'allocation': {
      const statuses = [supporting?.status, helping?.status];
      if (commitment.stage === 'started') {
        const hasWeeksLeft = commitment.lastWeek !== null && commitment.lastWeek >= thisWeek;
        if (!statuses.includes('left') || !hasWeeksLeft) return undefined;
        return { type: 'ReleaseAllocation', target, data: { reasonCode: ORGANISATION_LEFT, fromWeek: thisWeek } };
      }
      const isOneNow = supporting !== undefined && supporting.survivorId === helping?.survivorId;
      const reasonCode = statuses.includes('left')
        ? ORGANISATION_LEFT
        : statuses.includes('suspended')
          ? ORGANISATION_SUSPENDED
          : isOneNow
            ? 'organisations-merged'
            : commitment.isNeedClosed
              ? 'need-closed'
              : undefined;
      return reasonCode === undefined ? undefined : { type: 'CallOffAllocation', target, data: { reasonCode } };
    }
  }
}
