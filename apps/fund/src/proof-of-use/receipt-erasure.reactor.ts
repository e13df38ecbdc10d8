import { dayOf } from '@alliance/calendar';
import type { DueCommand } from '@alliance/event-bus';
import type { Reactor, Schedule } from '@alliance/service-host';
import type { FundSettings } from '../fund.config';
import type { DataOf } from '../grant/grant.events';
import { grantProof } from './proof.decider';
import { receiptsPastRetention } from './receipt-retention.read-model';
import { erasureAfter, type EraseReceipts } from './receipt-erasure.policy';
import { ReceiptsVault } from './receipts.vault';

type EndedRetention = DueCommand<'EndReceiptRetention', DataOf<'ReceiptErasureDecided'>>;

/** Decides to erase the rows of receipts when their grant has been closed or revoked for long. A lagging read model makes it late only. */
export const receiptRetention: Schedule<EndedRetention, FundSettings> = {
  name: 'receipt-retention',
  everyMs: 3_600_000,
  async due(tx, { now, after, limit }, { receiptRetentionYears: years }) {
    const today = dayOf(now.toISOString());
    const kept = await receiptsPastRetention(tx, { today, years, afterId: after?.data.reportId, limit });
    return kept.map(({ grantId, reportId, endedOn }) => {
      const data = { reportId, endedOn, years };
      return { type: 'EndReceiptRetention', target: grantId, data, occasion: reportId };
    });
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(grantProof, target, { type, data, context });
  },
};

/**
 * Carries out what is decided. Its checkpoint lies in the database of the vault: where an old backup of that is put back,
 * the reactor begins anew at its time, and erases what the backup has brought back.
 */
export const receiptErasureReactor: Reactor<EraseReceipts> = {
  name: 'receipt-erasure',
  catalogues: [grantProof.catalogue],
  policy: erasureAfter,
  async execute({ target }, _context, _commands, database) {
    await new ReceiptsVault(database).erase(target);
  },
};
