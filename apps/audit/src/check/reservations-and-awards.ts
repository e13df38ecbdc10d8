import type { LogPosition } from '@alliance/event-sourcing';
import { grantEvents } from '@alliance/fund/events';
import { type Finding, type Invariant, noteOf } from './invariant';

/** One attempt to award a grant, on both sides. */
interface Attempt {
  decided?: { readonly cents: number; readonly at: LogPosition };
  reserved?: { readonly cents: number; readonly at: LogPosition };
  released?: LogPosition;
  awarded?: LogPosition;
}

/** What goes back to the pot, by the id of the event that says so. */
type Owed = Map<string, { readonly grantId: string; readonly cents: number; readonly cause: string }>;

export const reservationsAndAwards: Invariant = {
  name: 'reservations-and-awards',
  says: 'Each award had its amount reserved in the pot, each reservation an award decided, and whatever went back a reason.',

  begin() {
    const attempts = new Map<string, Attempt>();
    const owed: Owed = new Map();
    const revoked = new Set<string>();
    const payments = new Map<string, number>();
    return (event): readonly Finding[] => {
      const grantId =
        'grantId' in event.data ? event.data.grantId : event.streamName.slice(grantEvents.category.prefix.length);
      const note = (attempt: number) => noteOf(attempts, `${grantId} ${attempt}`, (): Attempt => ({}));
      const owes = (cents: number, cause: string) => {
        if (cents > 0) owed.set(event.metadata.eventId, { grantId, cents, cause });
      };
      switch (event.type) {
        case 'AwardDecided':
          note(event.data.attempt).decided = { cents: event.data.amount.cents, at: event.position };
          return [];
        case 'AmountReserved': {
          const attempt = note(event.data.attempt);
          const { cents } = event.data.amount;
          attempt.reserved = { cents, at: event.position };
          if (attempt.decided?.cents === cents) return [];
          return [{ words: `${cents} cents were reserved for an award of grant ${grantId} that nobody had decided.` }];
        }
        case 'ReservationReleased': {
          const attempt = note(event.data.attempt);
          attempt.released = event.position;
          if (attempt.awarded === undefined) return [];
          return [{ words: `What the grant ${grantId} was awarded was released.`, because: [attempt.awarded] }];
        }
        case 'GrantAwarded': {
          const { reserved, released } = note(event.data.attempt);
          note(event.data.attempt).awarded = event.position;
          if (released !== undefined) {
            return [{ words: 'It was awarded after its reservation had been released.', because: [released] }];
          }
          if (reserved?.cents === event.data.amount.cents) return [];
          const words = `${event.data.amount.cents} cents were awarded; ${reserved?.cents ?? 0} were reserved in the pot.`;
          return [{ words, because: reserved === undefined ? [] : [reserved.at] }];
        }
        case 'AwardConfirmed': {
          if (note(event.data.attempt).awarded !== undefined) return [];
          return [{ words: `The pot confirmed an award of grant ${grantId} that there was not.` }];
        }
        case 'PaymentOrdered':
          payments.set(event.data.paymentId, event.data.amount.cents);
          return [];
        case 'GrantRevoked':
        case 'GrantClosed':
          revoked.add(grantId);
          owes(event.data.notPaidOut.cents, 'not-paid-out');
          return [];
        case 'GrantWithdrawn':
          revoked.add(grantId);
          owes(event.data.notPaidOut?.cents ?? 0, 'not-paid-out');
          return [];
        case 'PaymentFailed':
          if (revoked.has(grantId)) owes(payments.get(event.data.paymentId) ?? 0, 'not-paid-out');
          return [];
        case 'RepaymentReceived':
          owes(event.data.principal.cents, 'returned');
          return [];
        case 'CommitmentReduced': {
          const { settlementId, amount, cause } = event.data;
          const due = owed.get(settlementId);
          owed.delete(settlementId);
          if (due?.grantId === grantId && due.cents === amount.cents && due.cause === cause) return [];
          const words = `${amount.cents} cents of the grant ${grantId} went back as ${cause}, and ${settlementId} tells nothing of the kind.`;
          return [{ words }];
        }
        default:
          return [];
      }
    };
  },
};
