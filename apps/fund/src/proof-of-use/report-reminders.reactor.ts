import { dayOf } from '@alliance/calendar';
import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import type { DataOf } from '../grant/grant.events';
import type { FundSettings } from '../fund.config';
import { grantProof } from './proof.decider';
import { reportsToRemindOf } from './report-reminders.read-model';

type Reminder = DueCommand<'RemindOfReport', DataOf<'ReportReminded'>>;

/** Reminds of reports so many days before and after they are due; of occasions that were missed the last one only. */
export const reportReminders: Schedule<Reminder, FundSettings> = {
  name: 'report-reminders',
  everyMs: 60_000,
  async due(tx, { now, after, limit }, { remindDaysBefore, remindDaysAfter }) {
    const offsets = [...remindDaysBefore.map((days) => -days), ...remindDaysAfter];
    const today = dayOf(now.toISOString());
    const found = await reportsToRemindOf(tx, { today, offsets, afterId: after?.data.reportId, limit });
    return found.map(({ grantId, reportId, occasion }) => ({
      type: 'RemindOfReport',
      target: grantId,
      data: { reportId, occasion },
      occasion: `${reportId} ${occasion}`,
    }));
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(grantProof, target, { type, data, context });
  },
};
