import {
  grantAwardedV1,
  grantClosedV1,
  grantRevokedV1,
  paymentRequestedV1,
  paymentSettledV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from './grant.events';

export const grantContracts = [
  grantAwardedV1,
  grantRevokedV1,
  grantClosedV1,
  paymentRequestedV1,
  paymentSettledV1,
] as const;

/**
 * What others are told of a grant: what is funded where from the award on, and which payments are pending. Each payment
 * that was requested is settled once, for its stream lets it end once. Reasons go out as codes only.
 */
export function publishGrant(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & GrantEvent;
  const grantId = grantEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  const settled = (paymentId: string, outcome: 'paid' | 'failed' | 'cancelled') =>
    publication(paymentSettledV1, { paymentId, outcome, settledAt: occurredAt });
  switch (type) {
    case 'GrantAwarded': {
      const { recipientOrganisationId: organisationId, amount, funded } = data;
      return publication(grantAwardedV1, { grantId, organisationId, amount, ...funded, awardedAt: occurredAt });
    }
    case 'GrantRevoked':
      return publication(grantRevokedV1, { grantId, reasonCode: data.reasonCode, revokedAt: occurredAt });
    // Of an application that is withdrawn before an award nobody has been told.
    case 'GrantWithdrawn':
      if (data.notPaidOut === undefined) return undefined;
      return publication(grantRevokedV1, { grantId, reasonCode: data.reasonCode, revokedAt: occurredAt });
    case 'GrantClosed': {
      const { spent, returned } = data;
      return publication(grantClosedV1, { grantId, spent, returned, closedAt: occurredAt });
    }
    case 'TrancheRequested': {
      const { paymentId, recipientOrganisationId: organisationId } = data;
      return publication(paymentRequestedV1, { paymentId, grantId, organisationId, requestedAt: occurredAt });
    }
    case 'TranchePaid':
      return settled(data.paymentId, 'paid');
    case 'PaymentFailed':
      return settled(data.paymentId, 'failed');
    case 'PaymentCancelled':
      return settled(data.paymentId, 'cancelled');
    case 'TrancheCancelled':
      return data.paymentId === undefined ? undefined : settled(data.paymentId, 'cancelled');
    default:
      return undefined;
  }
}
