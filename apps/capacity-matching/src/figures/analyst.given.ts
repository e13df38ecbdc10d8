import { berlinDayOf, weekOf } from '@alliance/calendar';
import {
  allocationAcceptedV1,
  allocationDeliveredV1,
  allocationEndedV1,
  allocationProposedV1,
  allocationSecuredV1,
  allocationStartedV1,
  type Contract,
  type ContractData,
  hoursReportedV1,
  offerPausedV1,
  offerPublishedV1,
  offerResumedV1,
  offerRevisedV1,
  offerWithdrawnV1,
  type Publication,
} from '@alliance/contracts';
import { byWeek, minutesByWeek, type MinutesByWeek } from '../weekly-minutes';

/** An offer from a week on. */
interface OfferSince {
  readonly since: string;
  readonly promise: MinutesByWeek;
  readonly pausedFor: ReadonlySet<string>;
  readonly isWithdrawn: boolean;
}

interface KnownAllocation {
  readonly offerId: string;
  readonly stage: string;
  readonly reason?: string;
  readonly weeks: MinutesByWeek;
  readonly isSecured: boolean;
  readonly hasStarted: boolean;
  readonly acceptedBy: readonly string[];
  /** Minutes, by side and week. */
  readonly said: ReadonlyMap<string, number>;
}

/** What somebody can tell who reads the published contracts, in their order of each offer and allocation, and nothing else. */
export class Analyst {
  private readonly offers = new Map<string, readonly OfferSince[]>();
  private readonly allocations = new Map<string, KnownAllocation>();

  constructor(messages: readonly Publication[]) {
    for (const message of messages) {
      this.hearOfOffer(message);
      this.hearOfAllocation(message);
    }
  }

  /** The figures of a week, of all offers. */
  week(week: string) {
    const going = [...this.allocations.values()].filter(({ stage }) => ['started', 'delivered'].includes(stage));
    const offers = [...this.offers].map(([offerId, changes]) => {
      const own = going.filter((one) => one.offerId === offerId);
      const confirmed = sum(own.map(({ weeks }) => weeks.get(week) ?? 0));
      const atEnd = changes.findLast(({ since }) => since <= week);
      const isOpen = atEnd !== undefined && !atEnd.isWithdrawn && atEnd.pausedFor.size === 0;
      return { confirmed, offered: Math.max(isOpen ? (atEnd.promise.get(week) ?? 0) : 0, confirmed) };
    });
    const delivered = going.map(({ weeks, said }) => {
      const [one, other] = [said.get(`helping ${week}`), said.get(`supporting ${week}`)];
      return weeks.has(week) && one === other ? (one ?? 0) : 0;
    });
    return {
      ...{ week, offered: sum(offers.map(({ offered }) => offered)) },
      ...{ confirmed: sum(offers.map(({ confirmed }) => confirmed)), delivered: sum(delivered) },
    };
  }

  /** How many came how far, and why others ended. */
  funnel() {
    const all = [...this.allocations.values()];
    const count = (is: (one: KnownAllocation) => boolean) => all.filter(is).length;
    const at = (stage: string) => count((one) => one.stage === stage);
    return {
      ...{ proposed: all.length, secured: count(({ isSecured }) => isSecured) },
      acceptedByHelping: count(({ acceptedBy }) => acceptedBy.includes('helping')),
      acceptedBySupporting: count(({ acceptedBy }) => acceptedBy.includes('supporting')),
      ...{ started: count(({ hasStarted }) => hasStarted), delivered: at('delivered') },
      byStage: {
        ...{ proposed: at('proposed'), started: at('started'), delivered: at('delivered'), declined: at('declined') },
        ...{ expired: at('expired'), released: at('released'), failed: at('failed') },
      },
      reasons: all.flatMap(({ stage, reason }) => (reason === undefined ? [] : [`${stage}: ${reason}`])).sort(),
    };
  }

  private hearOfOffer(message: Publication): void {
    if (is(message, offerPublishedV1)) {
      const open = { pausedFor: new Set<string>(), isWithdrawn: false };
      const { offerId, publishedAt } = message.data;
      this.offers.set(offerId, [{ since: weekAt(publishedAt), promise: minutesByWeek(message.data), ...open }]);
    } else if (is(message, offerRevisedV1)) {
      this.change(message.data.offerId, message.data.revisedAt, { promise: minutesByWeek(message.data) });
    } else if (is(message, offerPausedV1)) {
      const { offerId, pausedAt, reasonCode } = message.data;
      this.change(offerId, pausedAt, { pausedFor: new Set(this.last(offerId).pausedFor).add(reasonCode) });
    } else if (is(message, offerResumedV1)) {
      const { offerId, resumedAt, reasonCode } = message.data;
      const others = [...this.last(offerId).pausedFor].filter((one) => one !== reasonCode);
      this.change(offerId, resumedAt, { pausedFor: new Set(others) });
    } else if (is(message, offerWithdrawnV1)) {
      this.change(message.data.offerId, message.data.withdrawnAt, { isWithdrawn: true });
    }
  }

  private hearOfAllocation(message: Publication): void {
    if (is(message, allocationProposedV1)) {
      const { allocationId, offerId, weeks } = message.data;
      const nothing = { isSecured: false, hasStarted: false, acceptedBy: [], said: new Map<string, number>() };
      this.allocations.set(allocationId, { offerId, stage: 'proposed', weeks: byWeek(weeks), ...nothing });
    } else if (is(message, allocationSecuredV1)) {
      this.go(message.data, () => ({ isSecured: true }));
    } else if (is(message, allocationAcceptedV1)) {
      const { side } = message.data;
      this.go(message.data, ({ acceptedBy }) => ({ acceptedBy: [...acceptedBy, side] }));
    } else if (is(message, allocationStartedV1)) {
      this.go(message.data, () => ({ stage: 'started', hasStarted: true }));
    } else if (is(message, hoursReportedV1)) {
      const { side, week, minutes } = message.data;
      this.go(message.data, ({ said }) => ({ said: new Map(said).set(`${side} ${week}`, minutes) }));
    } else if (is(message, allocationDeliveredV1)) {
      this.go(message.data, () => ({ stage: 'delivered' }));
    } else if (is(message, allocationEndedV1)) {
      const { outcome, reasonCode, fromWeek } = message.data;
      this.go(message.data, ({ stage, weeks }) => {
        const kept = new Map([...weeks].filter(([week]) => fromWeek !== undefined && week < fromWeek));
        return stage === 'started' && kept.size > 0 ? { weeks: kept } : { stage: outcome, reason: reasonCode };
      });
    }
  }

  private last(offerId: string): OfferSince {
    const last = this.offers.get(offerId)?.at(-1);
    if (last === undefined) throw new Error('Every offer begins with its publishing.');
    return last;
  }

  private change(offerId: string, at: string, change: Partial<OfferSince>): void {
    const changed = { ...this.last(offerId), ...change, since: weekAt(at) };
    this.offers.set(offerId, [...(this.offers.get(offerId) ?? []), changed]);
  }

  private go(
    { allocationId }: { readonly allocationId: string },
    change: (before: KnownAllocation) => Partial<KnownAllocation>,
  ): void {
    const before = this.allocations.get(allocationId);
    if (before === undefined) throw new Error('Every allocation begins with its proposal.');
    this.allocations.set(allocationId, { ...before, ...change(before) });
  }
}

function is<C extends Contract>(
  message: Publication,
  contract: C,
): message is Publication<C> & { data: ContractData<C> } {
  return message.contract.type === contract.type;
}

function weekAt(moment: string): string {
  return weekOf(berlinDayOf(moment));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
