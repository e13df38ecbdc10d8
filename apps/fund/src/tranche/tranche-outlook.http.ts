import { KnownOrganisation } from '@alliance/known-organisations';
import type { EntityManager } from 'typeorm';
import type { FundSettings } from '../fund.config';
import { committedByLog, type Log, recipientNow, type Standpoint } from '../grant-by-log.http';
import type { TrancheOutlook } from './gate-facts';

/** Gathers what the tranche gate judges by and the grant's own stream does not tell; `on` is the day judged for. */
export async function trancheOutlook(
  log: Log,
  tx: EntityManager,
  settings: FundSettings,
  { grantId, facts, conflicts }: Pick<Standpoint, 'facts' | 'conflicts'> & { readonly grantId: string },
  on: string,
): Promise<TrancheOutlook> {
  const recipient = await recipientNow(tx, facts.applicantOrganisationId);
  const known = await tx.findOneBy(KnownOrganisation, { id: recipient.survivorId });
  return {
    recipient,
    recipientIsPublicBody: known?.kind === 'public-body',
    interestedOrganisationIds: conflicts.interestedOrganisationIds,
    committed: await committedByLog(log, grantId, facts),
    years: settings.taxNoticeYears(on),
  };
}
