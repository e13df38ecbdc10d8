import { given as givenEvents, isRefusal } from '@alliance/event-sourcing';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, eligible, euros, ids, type Step, who } from '../grant/grant.given';
import { grantProof } from './proof.decider';
import type { AcceptReport, ProofCommand, ReceiptFigures, SubmitReport } from './proof-commands';

/** What the specifications of the proof of use begin with. */
export const given = (...events: readonly GrantEvent[]) => givenEvents(grantProof.decider, events);
export const upTo = (step: Step) => given(...aGrant({ upTo: step }));
export const independent = { panel: [], interestedOrganisationIds: [ids.applicant, ids.donor] };
export const recipient = { standing: 'admitted', survivorId: ids.applicant, since: eligible.since } as const;
export const afterProject = '2027-05-01T10:00:00.000Z';
export const officer = context(who.officer, undefined, afterProject);

export const receipts: readonly ReceiptFigures[] = [
  { line: 'staff', paidOn: '2026-12-15', amount: euros(5_000) },
  { line: 'rent', paidOn: '2026-04-30', amount: euros(500) },
];
export const submission: SubmitReport['data'] = {
  reportId: ids.report,
  narrative: 'An zwei Tagen der Woche wurde beraten.',
  lines: [
    { key: 'staff', spent: euros(5_000) },
    { key: 'rent', spent: euros(500) },
  ],
  otherIncome: euros(0),
  receipts,
  digest: 'a'.repeat(64),
  recipient,
};
export const accept = (changed: Partial<AcceptReport['data']> = {}, by = officer): AcceptReport => ({
  type: 'AcceptReport',
  data: {
    reportId: ids.report,
    seenVersion: 1,
    disallowed: euros(0),
    digestHeld: submission.digest,
    ...independent,
    ...changed,
  },
  context: by,
});
export const revoked: GrantEvent = {
  type: 'GrantRevoked',
  data: { reasonCode: 'misuse', notPaidOut: euros(4_000), revokedBy: who.idle[0] },
};

/** Nothing for what is refused. */
export function decided(before: readonly GrantEvent[], command: ProofCommand): readonly GrantEvent[] {
  const decision = given(...before).when(command);
  return isRefusal(decision) ? [] : decision;
}
