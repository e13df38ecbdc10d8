import type { Command } from '@alliance/event-sourcing';
import type { Member } from '../call/call.events';
import type { DataOf } from '../grant/grant.events';
import type { Money } from '../money';
import type { StandingState } from '../standing';
import type { TrancheOutlook } from './gate-facts';

type Planned = DataOf<'TranchesPlanned'>['tranches'];

export type PlanTranches = Command<'PlanTranches', { readonly tranches: Planned }>;
export type ReviseTranche = Command<'ReviseTranche', Planned[number] & { readonly seenVersion: number }>;
/** By a representative of the recipient, for their own organisation. */
export type RequestTranche = Command<
  'RequestTranche',
  { trancheId: string; paymentId: string; neededBy: string; recipient: StandingState }
>;
export type CancelTranche = Command<'CancelTranche', { trancheId: string; reasonCode: string }>;
/** Of a grant that is over, and for a recipient that no longer is one. */
type CancelVoidRequests = Command<'CancelVoidRequests', Record<string, never>>;
export type RecordTaxStatus = Command<'RecordTaxStatus', Omit<DataOf<'TaxStatusRecorded'>, 'recordedBy'>>;

/** `panel`: of the call, which knows employers too. */
interface Judged {
  readonly trancheId: string;
  readonly outlook: TrancheOutlook;
  readonly panel: readonly Member[];
}
/** From the amount `thirdFrom` on, three have to approve. */
export type CheckTranche = Command<
  'CheckTranche',
  Judged & { readonly seenVersion: number; readonly thirdFrom: Money }
>;
export type ApprovePayment = Command<'ApprovePayment', Judged & { readonly seenVersion: number }>;
type WithdrawPaymentApproval = Command<'WithdrawPaymentApproval', { readonly trancheId: string }>;
/** The outlook is of the day of the payment. */
export type RecordPaid = Command<
  'RecordPaid',
  { trancheId: string; paymentId: string; paidOn: string; bankReference: string; outlook: TrancheOutlook }
>;
export type RecordFailed = Command<'RecordFailed', { trancheId: string; paymentId: string; reasonCode: string }>;

export type PaymentCommand = CheckTranche | ApprovePayment | WithdrawPaymentApproval | RecordPaid | RecordFailed;
type PlanCommand = PlanTranches | ReviseTranche | RequestTranche | CancelTranche | CancelVoidRequests | RecordTaxStatus;
export type TrancheCommand = PlanCommand | PaymentCommand;
