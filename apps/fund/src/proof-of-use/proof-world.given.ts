import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addMonths, dayOf } from '@alliance/calendar';
import { type Clock, MovableClock } from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import { auditor, type Caller } from '@alliance/service-world';
import { FundWorld } from '../fund.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { aGrant, euros, ids, theApplication } from '../grant/grant.given';
import type { Terms } from '../terms';

/** Who acts for the recipient. */
export const speaker: Caller = { subject: 'representative-1', role: 'representative', organisationId: ids.applicant };

/** The fund, where a grant of 10,000 EUR was paid 6,000 for a project of eight months that ended a month ago. */
export class ProofWorld {
  private constructor(
    readonly fund: FundWorld,
    readonly clock: MovableClock,
    readonly projectFrom: string,
    readonly projectTo: string,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<ProofWorld> {
    const clock = new MovableClock();
    const fund = await FundWorld.start(environment, clock);
    await fund.admit(ids.applicant);
    const today = todayBy(clock);
    return new ProofWorld(fund, clock, addMonths(today, -9), addMonths(today, -1));
  }

  stop(): Promise<void> {
    return this.fund.stop();
  }

  today(): string {
    return todayBy(this.clock);
  }

  waitDays(days: number): void {
    this.clock.moveAhead(days * 24 * 3_600_000);
  }

  /** A new grant that was paid, by these terms besides the usual ones; its reports are due. */
  async paidGrant(terms: Partial<Terms> = {}): Promise<{ grantId: string; reportIds: readonly string[] }> {
    const grantId = await this.plantPaid(terms);
    for (;;) {
      const { body } = await this.fund.get(`/grants/${grantId}/reports`, auditor);
      if (body.items?.length > 0) {
        return { grantId, reportIds: body.items.map(({ reportId }: { reportId: string }) => reportId) };
      }
      await sleep(20);
    }
  }

  /** The same, before its reports are known to be due. */
  async plantPaid(terms: Partial<Terms>): Promise<string> {
    const grantId = randomUUID();
    await this.fund.plant(grantEvents, grantId, aGrant({ upTo: 'paid' }).map(this.inTime(terms)));
    return grantId;
  }

  /** What a recipient says who spent 5,000 EUR on staff, and so much on rent. */
  submission(rent = 500) {
    const amount = euros(rent);
    const [first, last] = [addDays(this.projectFrom, 1), this.projectTo];
    return {
      narrative: 'An zwei Tagen der Woche wurde beraten.',
      lines: [
        { key: 'staff', spent: euros(5_000) },
        { key: 'rent', spent: amount },
      ],
      otherIncome: euros(0),
      receipts: [
        { line: 'staff', paidOn: last, payee: 'Oksana Größmann', purpose: 'Honorar', amount: euros(5_000) },
        { line: 'rent', paidOn: first, payee: 'Vermietung Hölzl', purpose: 'Raum im Mai', amount },
      ],
    };
  }

  async typesOf(grantId: string): Promise<readonly string[]> {
    return (await this.fund.events(grantEvents, grantId)).map(({ type }) => type);
  }

  /** As if somebody had brought it about just now. */
  async happens(grantId: string, { type, data }: GrantEvent): Promise<void> {
    const metadata = {
      ...{ eventId: randomUUID(), commandId: randomUUID(), correlationId: 'spec', causationId: 'spec' },
      ...{ actor: { subject: 'somebody', roles: [] }, occurredAt: this.clock.now().toISOString(), schemaVersion: 1 },
    };
    const last = (await this.fund.events(grantEvents, grantId)).at(-1)?.revision ?? 'no-stream';
    const streamName = grantEvents.category.streamName(grantId);
    await this.fund.store.append(streamName, grantEvents, [{ type, data, metadata }], last);
  }

  /** In the service's own database. */
  async query(sql: string, parameters: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
    const database = await connectDatabase({ url: this.fund.database.url, entities: [] });
    try {
      return await database.query(sql, [...parameters]);
    } finally {
      await database.destroy();
    }
  }

  private inTime(terms: Partial<Terms>): (event: GrantEvent) => GrantEvent {
    const { projectFrom, projectTo } = this;
    return (event) => {
      switch (event.type) {
        case 'ApplicationSubmitted': {
          const application = { ...theApplication, projectFrom, projectTo };
          return { ...event, data: { ...event.data, application } };
        }
        case 'GrantAwarded':
          return { ...event, data: { ...event.data, terms: { ...event.data.terms, ...terms } } };
        case 'GrantContracted':
          return { ...event, data: { ...event.data, signedOn: projectFrom } };
        case 'TranchePaid':
          return { ...event, data: { ...event.data, paidOn: projectFrom } };
        default:
          return event;
      }
    };
  }
}

function todayBy(clock: Clock): string {
  return dayOf(clock.now().toISOString());
}
