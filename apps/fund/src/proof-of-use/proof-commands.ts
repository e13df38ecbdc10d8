import type { Command } from '@alliance/event-sourcing';
import type { Member } from '../call/call.events';
import type { DataOf } from '../grant/grant.events';
import type { Money } from '../money';
import type { StandingState } from '../standing';
import type { Submission } from './proof-state';

/** One receipt as the decision needs it: without its payee and its purpose, which lie in the vault. */
export interface ReceiptFigures {
  readonly line: string;
  readonly paidOn: string;
  readonly amount: Money;
}

/** By the log of the call: its panel; and which organisations have an interest of their own in the grant at present. */
export interface Independence {
  readonly panel: readonly Member[];
  readonly interestedOrganisationIds: readonly string[];
}

/** With ids that always are the same for the same grant, so that the contract brings them about once. */
export type PlanReports = Command<'PlanReports', { readonly reports: readonly DataOf<'ReportDue'>[] }>;
/** By the clock, for the day of the reminder. */
export type RemindOfReport = Command<'RemindOfReport', DataOf<'ReportReminded'>>;
/** By a representative of the recipient, for their own organisation. The digest is that of the rows, in their order. */
export type SubmitReport = Command<
  'SubmitReport',
  Pick<Submission, 'reportId' | 'narrative' | 'lines' | 'otherIncome'> & {
    readonly receipts: readonly ReceiptFigures[];
    readonly digest: string;
    readonly recipient: StandingState;
  }
>;
export type ReturnReport = Command<
  'ReturnReport',
  Independence & Omit<DataOf<'ReportReturned'>, 'version' | 'reviewedBy'> & { readonly seenVersion: number }
>;
export type AcceptReport = Command<
  'AcceptReport',
  Independence & {
    readonly reportId: string;
    readonly seenVersion: number;
    readonly disallowed: Money;
    /** Of the rows that the vault holds; `undefined` when it holds none. */
    readonly digestHeld: string | undefined;
  }
>;
/** Every one of them is recorded. The recipient reads its own. */
export type ReadReceipts = Command<
  'ReadReceipts',
  Independence &
    Omit<DataOf<'ReceiptsRead'>, 'readBy'> & {
      readonly recipient: StandingState;
      /** What rows are read for (a setting). */
      readonly permittedPurposes: readonly string[];
    }
>;
/** By the clock, when the grant has been closed or revoked for long. */
export type EndReceiptRetention = Command<'EndReceiptRetention', DataOf<'ReceiptErasureDecided'>>;
export type DemandRepayment = Command<
  'DemandRepayment',
  Independence & Omit<DataOf<'RepaymentDemanded'>, 'interest' | 'demandedBy'>
>;
export type RecordRepaymentReceived = Command<
  'RecordRepaymentReceived',
  Omit<DataOf<'RepaymentReceived'>, 'recordedBy'>
>;

export type ReportCommand =
  SubmitReport | ReturnReport | AcceptReport | ReadReceipts | RemindOfReport | EndReceiptRetention;
export type ProofCommand = ReportCommand | PlanReports | DemandRepayment | RecordRepaymentReceived;
