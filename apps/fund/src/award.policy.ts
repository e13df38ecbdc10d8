import type { RecordedEvent } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from './grant/grant.events';
import type { Money } from './money';

/** What an award, or its undoing, asks of the pot. The target is the grant. */
export type SettleWithPot =
  | Wish<'SettleAward' | 'ConfirmAward', { readonly attempt: number }>
  | Wish<'ReleaseReservation', { readonly attempt: number; readonly reasonCode: string }>
  | Wish<
      'ReduceCommitment',
      { readonly settlementId: string; readonly amount: Money; readonly cause: 'not-paid-out' | 'returned' }
    >;

interface Wish<Type extends string, Data> {
  readonly type: Type;
  readonly target: string;
  readonly data: Data;
}

/** What the grant's stream has said is carried out on the pot; what goes back to it goes back once for each event. */
export function settleWithPot(fact: RecordedEvent): readonly SettleWithPot[] {
  const event = fact as RecordedEvent & GrantEvent;
  const target = grantEvents.category.idOf(event.streamName);
  const giveBack = (amount: Money | undefined, cause: 'not-paid-out' | 'returned'): readonly SettleWithPot[] => {
    if (amount === undefined || amount.cents === 0) return [];
    return [{ type: 'ReduceCommitment', target, data: { settlementId: event.metadata.eventId, amount, cause } }];
  };
  switch (event.type) {
    case 'AwardDecided':
      return [{ type: 'SettleAward', target, data: { attempt: event.data.attempt } }];
    case 'GrantAwarded':
      return [{ type: 'ConfirmAward', target, data: { attempt: event.data.attempt } }];
    case 'AwardBlocked': {
      const { attempt } = event.data;
      return [{ type: 'ReleaseReservation', target, data: { attempt, reasonCode: 'award-blocked' } }];
    }
    case 'GrantWithdrawn':
    case 'GrantRevoked':
    case 'GrantClosed':
    case 'PaymentFailed':
      return giveBack(event.data.notPaidOut, 'not-paid-out');
    case 'RepaymentReceived':
      return giveBack(event.data.principal, 'returned');
    default:
      return [];
  }
}
