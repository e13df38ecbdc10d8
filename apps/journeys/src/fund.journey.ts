import type { ApiClient } from '@alliance/standalone';
import type { Alliance } from './world/alliance';
import { eventually } from './world/eventually';
import {
  approveGrant,
  day,
  euros,
  type Funding,
  fundingFor,
  grantBeforeLastApproval,
  member,
} from './world/fund-steps';
import { journeys } from './world/journeys';
import { NodeProcess } from './world/node-process';
import { expectStatus } from './world/registry-steps';

const KILLS = 4;
/** About as long as the service works on a last approval. */
const MOST_PAUSE_MS = 60;

const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
/** From which record each fact of the surviving one would be taken. */
const factsFrom = {
  ...{ name: 'survivor', kind: 'survivor', legalForm: 'survivor', operatingSince: 'survivor', regionKey: 'survivor' },
  ...{ identifiers: 'both', fieldKeys: 'both', website: 'survivor', address: 'survivor' },
  parentOrganisationId: 'survivor',
};

interface Coded {
  readonly code: string;
}
interface Blocked {
  readonly blockers: readonly Coded[];
}

async function blockerCodes(client: ApiClient, path: string): Promise<readonly string[]> {
  return (await expectStatus(client.get<Blocked>(path), 200)).body.blockers.map(({ code }) => code);
}

/** Contracted, with a tranche that has been requested and checked. */
async function checkedTranche({ officer, checker, recipient }: Funding, grant: string) {
  await expectStatus(officer.post(`${grant}/contract`, { signedOn: day(0), reference: 'dms/2026/230' }), 204);
  const tranches = [{ amount: euros(9_000), dueOn: day(14), requiresReport: false }];
  const planned = officer.post<{ trancheIds: readonly string[] }>(`${grant}/tranches`, { tranches });
  const [trancheId] = (await expectStatus(planned, 201)).body.trancheIds;
  const notice = { kind: 'exemption-notice', issuedOn: day(-400), reference: 'dms/2025/88' };
  await expectStatus(officer.post(`${grant}/tax-status`, notice), 204);
  const tranche = `${grant}/tranches/${trancheId}`;
  const requested = recipient.post<{ paymentId: string }>(`${tranche}/request`, { neededBy: day(14) });
  const { paymentId } = (await expectStatus(requested, 200)).body;
  await expectStatus(checker.post(`${tranche}/check`, { seenVersion: 1 }), 204);
  return { tranche, paymentId };
}

async function decisionOn({ officer }: Funding, grant: string) {
  interface Decision {
    readonly stage: string;
    readonly approvals: readonly object[];
  }
  return (await expectStatus(officer.get<Decision>(`${grant}/decision`), 200)).body;
}

async function allianceAuditCheck({ eventStore }: Alliance) {
  const check = NodeProcess.start('apps/audit/src/main.ts', ['check'], { EVENTSTORE_URL: eventStore.url });
  return { exit: await check.exit(), output: check.output };
}

journeys(
  'the fund complete',
  { services: ['registry', 'fund'] },
  {
    async 'Freeze: a suspension in the registry freezes tranches in the fund, reinstatement lifts it, through Kafka only'(
      alliance,
    ) {
      const registry = await alliance.client('registry', coordinator);
      const funding = await fundingFor(alliance, { fieldKey: 'orientation', regionKey: '09000000' });
      const { officer, approvers, recipientId } = funding;
      const grant = await grantBeforeLastApproval(funding, { from: day(-60), to: day(-1) });
      expect((await expectStatus(approveGrant(approvers[1], grant), 200)).body.stage).toBe('awarded');
      const { tranche, paymentId } = await checkedTranche(funding, grant);
      const approve = (approver: ApiClient) =>
        approver.post<Coded & { ordered: boolean }>(`${tranche}/approvals`, { seenVersion: 1 });
      expect((await expectStatus(approve(approvers[0]), 200)).body.ordered).toBe(false);

      const organisation = `/registry/organisations/${recipientId}`;
      const gate = () => blockerCodes(officer, `${tranche}/gate`);
      expect(await gate()).not.toContain('RECIPIENT_SUSPENDED');
      await expectStatus(registry.post(`${organisation}/suspension`, { reasonCode: 'report-overdue' }), 204);
      await eventually(async () => expect(await gate()).toContain('RECIPIENT_SUSPENDED'));
      expect((await expectStatus(approve(approvers[1]), 409)).body.code).toBe('TRANCHE_GATE_CLOSED');

      await expectStatus(registry.post(`${organisation}/reinstatement`, {}), 204);
      await eventually(async () => expect(await gate()).not.toContain('RECIPIENT_SUSPENDED'));
      expect((await expectStatus(approve(approvers[1]), 200)).body.ordered).toBe(true);

      const other = await member(alliance, 'Nachbarschaftshilfe Nord');
      const merge = () =>
        registry.post<Coded>(`${organisation}/merge`, { into: other, factsFrom, reasonCode: 'duplicate' });
      const preview = () => blockerCodes(registry, `${organisation}/merge-preview?into=${other}`);
      await eventually(async () => expect(await preview()).toContain('ORGANISATION_PAYMENT_PENDING'));
      expect((await expectStatus(merge(), 409)).body.code).toBe('ORGANISATION_PAYMENT_PENDING');
      const paid = { outcome: 'paid', paymentId, paidOn: day(0), bankReference: 'SEPA 4711' };
      await expectStatus(officer.post(`${tranche}/payment`, paid), 204);
      await eventually(async () => expect(await preview()).not.toContain('ORGANISATION_PAYMENT_PENDING'));
    },

    async 'An award whose service is killed comes to its end after restart'(alliance) {
      const funding = await fundingFor(alliance, { fieldKey: 'accommodation', regionKey: '11000000' });
      const { officer, approvers, potId } = funding;
      for (let count = 0; count < KILLS; count += 1) {
        // Made after the last restart, so that the process is at its usual speed when it is killed.
        const grant = await grantBeforeLastApproval(funding, { from: day(10 * count), to: day(10 * count + 9) });
        // Its answer may be lost with the process: what it has done is asked for afterwards.
        const sent = approveGrant(approvers[1], grant).catch(() => undefined);
        await new Promise((wake) => setTimeout(wake, Math.random() * MOST_PAUSE_MS));
        await alliance.service('fund').process.kill();
        await Promise.all([sent, alliance.service('fund').restart()]);
        const { stage, approvals } = await eventually(async () => {
          const decision = await decisionOn(funding, grant);
          expect(['awarded', 'recommended']).toContain(decision.stage);
          return decision;
        });
        if (stage === 'recommended') {
          expect(approvals).toHaveLength(1);
          await expectStatus(approveGrant(approvers[1], grant), 200);
        }
        await eventually(async () => expect((await decisionOn(funding, grant)).stage).toBe('awarded'));
      }

      const pot = await expectStatus(officer.get(`/fund/pots/${potId}`), 200);
      expect(pot.body).toMatchObject({ committed: euros(KILLS * 9_000), reserved: euros(0) });
      expect(await allianceAuditCheck(alliance)).toMatchObject({ exit: 0 });
    },
  },
);
