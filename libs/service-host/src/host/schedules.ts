import { advisoryLockLease, runScheduler, type ScheduledWork, type SchedulerReport } from '@alliance/event-bus';
import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { CommandHandler } from '../http/command-handler';
import type { Schedule } from '../service-definition';
import type { ServiceParts } from './service-parts';

/** What schedules are run with. */
interface ScheduleOptions {
  readonly parts: ServiceParts;
  readonly database: DataSource;
  readonly commands: CommandHandler;
  /** What the slices provide. */
  readonly provided: { get(schedule: Type<Schedule>): Schedule };
  /** Ends all, after the commands under way. */
  readonly signal: AbortSignal;
}

/** Runs the service's schedules if that is a role of this process. Resolves when all have ended; does not throw. */
export async function runSchedules({ parts, database, commands, provided, signal }: ScheduleOptions): Promise<void> {
  const { definition, settings, ownSettings = {}, clock } = parts;
  const { schedules = [] } = definition;
  if (schedules.length === 0 || !settings.roles.includes('scheduler')) return;
  const works = schedules.map((one): ScheduledWork => {
    const schedule = typeof one === 'function' ? provided.get(one) : one;
    return {
      name: schedule.name,
      actor: { subject: `${definition.name}.${schedule.name}`, roles: [] },
      everyMs: schedule.everyMs,
      due: (query) => schedule.due(database.manager, query, ownSettings),
      execute: (due, context) => schedule.execute(due, context, commands),
    };
  });
  const lease = advisoryLockLease({ url: settings.databaseUrl, name: 'scheduler', clock });
  await runScheduler({ works, lease, clock, signal, observe: (report) => observe(report, parts) });
}

function observe(report: SchedulerReport, { log, metrics }: ServiceParts): void {
  switch (report.kind) {
    case 'standby':
    case 'active':
      return metrics.schedulerIsActive.set(report.kind === 'active' ? 1 : 0);
    case 'ticked':
      metrics.scheduledCommands.inc({ schedule: report.schedule }, report.commands);
      return metrics.tickedAt.set({ schedule: report.schedule }, report.at.getTime() / 1000);
    case 'failed':
    case 'retrying': {
      const { schedule, error: err } = report;
      metrics.scheduleFailures.inc({ schedule });
      return log.warn({ schedule, err }, 'a schedule does not get on, and tries again');
    }
    default:
      return report satisfies never;
  }
}
