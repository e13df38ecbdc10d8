import { randomUUID } from 'node:crypto';
import { addDays, addMonths, dayOf } from '@alliance/calendar';
import { systemClock } from '@alliance/event-sourcing';
import { type Caller } from '@alliance/service-world';
import { FundWorld } from '../fund.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { aGrant, euros, ids, type Step, who } from '../grant/grant.given';
import { contribution, opened } from '../pot/pot.given';
import { potEvents, type PotEvent } from '../pot/pot.events';

/** Who acts on tranches over HTTP; the persons of `grant.given`. */
export const checker: Caller = { subject: who.checker, role: 'fund-officer' };
export const [firstApprover, secondApprover, thirdApprover] = [...who.approvers, who.idle[0]].map(
  (subject): Caller => ({ subject, role: 'approver' }),
) as [Caller, Caller, Caller];

export const today = dayOf(systemClock.now().toISOString());

interface Planted {
  readonly applicantId?: string;
  readonly times?: number;
  readonly then?: readonly GrantEvent[];
}

/** A grant of so many times 10,000 EUR in the log, covered by its pot, of a recipient with a tax-exempt status of today. */
export class PlantedGrant {
  private constructor(
    private readonly world: FundWorld,
    readonly id: string,
    readonly applicantId: string,
  ) {}

  static async upTo(step: Step, world: FundWorld, more: Planted = {}): Promise<PlantedGrant> {
    const { applicantId = randomUUID(), times = 1, then = [] } = more;
    const [id, potId, contributionId] = [randomUUID(), randomUUID(), randomUUID()];
    const amount = euros(10_000 * times);
    const of = { grantId: id, attempt: 1 };
    const potHistory: PotEvent[] = [
      opened,
      contribution(contributionId, 20_000 * times),
      { type: 'AmountReserved', data: { ...of, amount, cover: [{ contributionId, amount }] } },
      { type: 'AwardConfirmed', data: of },
    ];
    await world.plant(potEvents, potId, potHistory);
    const history = JSON.stringify([...aGrant({ upTo: step }), ...exemption, ...then]);
    const ofThis = history
      .replaceAll(ids.applicant, applicantId)
      .replaceAll(ids.pot, potId)
      .replaceAll(/"cents":(\d+)/g, (_, cents: string) => `"cents":${Number(cents) * times}`);
    await world.plant(grantEvents, id, JSON.parse(ofThis) as GrantEvent[]);
    return new PlantedGrant(world, id, applicantId);
  }

  get representative(): Caller {
    return { subject: 'representative-9', role: 'representative', organisationId: this.applicantId };
  }

  tranche(path: string, trancheId = ids.firstTranche): string {
    return `/grants/${this.id}/tranches/${trancheId}/${path}`;
  }

  async request(by = this.representative, neededBy = addDays(today, 14)): Promise<string> {
    const { body } = await this.world.post(this.tranche('request'), { neededBy }, by);
    return body.paymentId;
  }

  approve(by: Caller, seenVersion = 1) {
    return this.world.post(this.tranche('approvals'), { seenVersion }, by);
  }

  check(seenVersion = 1) {
    return this.world.post(this.tranche('check'), { seenVersion }, checker);
  }

  async codes(by: Caller = this.representative): Promise<readonly string[]> {
    const { body } = await this.world.get(this.tranche('gate'), by);
    return body.blockers.map(({ code }: { code: string }) => code);
  }

  async types(): Promise<readonly string[]> {
    return (await this.world.events(grantEvents, this.id)).map(({ type }) => type);
  }
}

const exemption: readonly GrantEvent[] = [
  {
    type: 'TaxStatusRecorded',
    data: {
      kind: 'exemption-notice',
      issuedOn: addMonths(today, -12),
      reference: 'dms/88',
      recordedBy: who.officer,
    },
  },
];
