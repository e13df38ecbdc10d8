import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addWeeks, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import { organisationMergedV1 } from '@alliance/contracts';
import { MovableClock } from '@alliance/event-sourcing';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { coordinator, MatchingWorld, representativeOf } from '../capacity-matching.given';
import { type NeedEvent, type NeedFacts, needEvents } from '../need/need.events';
import { needFacts } from '../need/need.given';
import { type OfferEvent, type OfferFacts, offerEvents } from '../offer/offer.events';
import { offerFacts } from '../offer/offer.given';
import { allocationEvents } from './allocation.events';

/** Time enough for proposals, acceptances and hours. */
const WEEKS = 12;

/** An offer and a need that fit each other, of two organisations that the registry has admitted. */
export interface Match {
  readonly offerId: string;
  readonly needId: string;
  readonly supporter: Caller;
  readonly helper: Caller;
}

/** Capacity-matching at work, with a clock that can be moved, and with organisations, offers and needs. */
export class AllocationWorld {
  private constructor(
    readonly matching: MatchingWorld,
    readonly clock: MovableClock,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<AllocationWorld> {
    const clock = new MovableClock();
    return new AllocationWorld(await MatchingWorld.start(environment, clock), clock);
  }

  stop = () => this.matching.stop();

  /** So many weeks from the one that the clock is in. */
  week(later: number): string {
    return addWeeks(weekOf(this.today()), later);
  }
  today(): string {
    return berlinDayOf(this.clock.now().toISOString());
  }
  passWeeks(weeks: number): void {
    this.clock.moveAhead(weeks * 7 * 86_400_000);
  }

  async organisation(): Promise<Caller & { readonly organisationId: string }> {
    const organisationId = randomUUID();
    await this.matching.admit(organisationId);
    return { ...representativeOf(organisationId), organisationId };
  }

  /** The registry merges the one organisation into the other, and the service has heard of it. */
  async merge(one: Caller, into: Caller): Promise<void> {
    const [organisationId = '', intoOrganisationId = ''] = [one.organisationId, into.organisationId];
    const data = { organisationId, intoOrganisationId, mergedAt: '2026-04-01T10:00:00.000Z' };
    await this.matching.receive({ contract: organisationMergedV1, data }, organisationId, 1n);
    await this.until(async () => {
      const { body } = await this.matching.get(`/known-organisations/${organisationId}`, auditor);
      return body.survivor.id === intoOrganisationId;
    });
  }

  /** `then`: what has become of it by now. */
  async offer(
    organisationId: string,
    facts: Partial<OfferFacts> = {},
    then: readonly OfferEvent[] = [],
  ): Promise<string> {
    const offerId = randomUUID();
    const all = { ...offerFacts, ...this.window(), ...facts };
    await this.matching.plant(offerEvents, offerId, [
      { type: 'OfferPublished', data: { organisationId, facts: all, publishedBy: 'planted' } },
      ...then,
    ]);
    return offerId;
  }

  async need(organisationId: string, facts: Partial<NeedFacts> = {}, then: readonly NeedEvent[] = []): Promise<string> {
    const needId = randomUUID();
    const all = { ...needFacts, ...this.window(), neededBy: this.today(), ...facts };
    await this.matching.plant(needEvents, needId, [
      { type: 'NeedOpened', data: { organisationId, facts: all, openedBy: 'planted' } },
      ...then,
    ]);
    return needId;
  }

  async match(
    offered: Partial<OfferFacts> = {},
    needed: Partial<NeedFacts> = {},
    then: { readonly ofOffer?: readonly OfferEvent[]; readonly ofNeed?: readonly NeedEvent[] } = {},
  ): Promise<Match> {
    const [supporter, helper] = [await this.organisation(), await this.organisation()];
    const offerId = await this.offer(supporter.organisationId, offered, then.ofOffer);
    return { supporter, helper, offerId, needId: await this.need(helper.organisationId, needed, then.ofNeed) };
  }

  /** Five hours a week for the next two weeks, unless said otherwise. */
  propose(
    { offerId, needId }: Pick<Match, 'offerId' | 'needId'>,
    weeks?: readonly object[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const body = { offerId, needId, weeks: weeks ?? [{ from: this.week(1), to: this.week(2), minutes: 300 }] };
    return this.matching.post('/allocations', body, coordinator, headers);
  }
  accept = (allocationId: string, by: Caller) => this.to(allocationId, 'acceptance', {}, by);
  decline = (allocationId: string, by: Caller, reasonCode = 'no-time') =>
    this.to(allocationId, 'refusal', { reasonCode }, by);
  hours = (allocationId: string, by: Caller, week: string, minutes: number) =>
    this.to(allocationId, 'hours', { week, minutes }, by);
  release = (allocationId: string, by: Caller, body: object) => this.to(allocationId, 'release', body, by);

  /** Proposed and secured. */
  async proposed(match: Match): Promise<string> {
    const { body } = await this.propose(match);
    return body.allocationId;
  }
  async started(match: Match): Promise<string> {
    const allocationId = await this.proposed(match);
    for (const by of [match.helper, match.supporter]) await this.accept(allocationId, by);
    return allocationId;
  }

  async types(allocationId: string): Promise<readonly string[]> {
    return (await this.matching.events(allocationEvents, allocationId)).map(({ type }) => type);
  }
  async offerTypes(offerId: string): Promise<readonly string[]> {
    return (await this.matching.events(offerEvents, offerId)).map(({ type }) => type);
  }
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(20);
  }

  private to(allocationId: string, path: string, body: object, by: Caller): Promise<Answer> {
    return this.matching.post(`/allocations/${allocationId}/${path}`, body, by);
  }
  private window() {
    const from = mondayOf(weekOf(this.today()));
    return { from, until: addDays(from, 7 * WEEKS - 1) };
  }
}
