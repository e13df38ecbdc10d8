import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { Alliance } from './world/alliance';
import { eventually } from './world/eventually';
import { journeys } from './world/journeys';
import { admit, apply, expectStatus } from './world/registry-steps';

interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
}
interface Known {
  readonly items: readonly { readonly id: string; readonly name: string; readonly status: string }[];
}

const representative = { subject: 'representative-1', roles: ['representative'] };
const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
const auditor = { subject: 'auditor-1', roles: ['auditor'] };
const fundOfficer = { subject: 'officer-1', roles: ['fund-officer'] };

async function admitted(alliance: Alliance, name: string): Promise<string> {
  const id = await apply(await alliance.client('registry', representative), name);
  await admit(await alliance.client('registry', coordinator), id);
  return id;
}

async function statusInFund(alliance: Alliance, id: string): Promise<string | undefined> {
  const fund = await alliance.client('fund', fundOfficer);
  const { body } = await fund.get<Known>('/fund/known-organisations?limit=200');
  return body.items.find(({ id: known }) => known === id)?.status;
}

journeys(
  'the first datum',
  { services: ['registry', 'fund'] },
  {
    async 'walks from the command into the log, the own read model and the query'(alliance) {
      const client = await alliance.client('registry', coordinator);
      const id = await admitted(alliance, 'Übergangshilfe Köln e.V.');
      const suspended = await client.post(`/registry/organisations/${id}/suspension`, { reasonCode: 'report-overdue' });
      expect(suspended.status).toBe(204);
      expect(suspended.headers.get('etag')).toMatch(/^"\d+"$/);
      const position = suspended.headers.get('alliance-position') ?? '';
      const shown = await client.get<Organisation>(`/registry/organisations/${id}`, { 'min-position': position });
      expect(shown.body).toMatchObject({ id, name: 'Übergangshilfe Köln e.V.', stage: 'suspended' });
    },

    async 'arrives through Kafka in the read model of another service'(alliance) {
      const id = await admitted(alliance, 'Nachbarn für Nachbarn e.V.');
      await eventually(async () => expect(await statusInFund(alliance, id)).toBe('admitted'));
      const client = await alliance.client('registry', coordinator);
      await client.post(`/registry/organisations/${id}/suspension`, { reasonCode: 'report-overdue' });
      await eventually(async () => expect(await statusInFund(alliance, id)).toBe('suspended'));
      await client.post(`/registry/organisations/${id}/reinstatement`, {});
      await eventually(async () => expect(await statusInFund(alliance, id)).toBe('admitted'));
    },

    async 'is published as a CloudEvent in binary mode, keyed by its stream, in the correlation of its request'(
      alliance,
    ) {
      const id = await apply(await alliance.client('registry', representative), 'Wegweiser e.V.');
      const client = await alliance.client('registry', coordinator);
      const checks = [
        { checked: 'identity', evidence: { kind: 'statutes', reference: 'statutes-1', issuedOn: '2026-01-15' } },
      ];
      await expectStatus(client.post(`/registry/organisations/${id}/verification`, { checks }), 204);
      const correlationId = randomUUID();
      const headers = { 'x-correlation-id': correlationId };
      await expectStatus(client.post(`/registry/organisations/${id}/admission`, {}, headers), 204);

      const message = await messageOfKey(alliance.kafka.brokers, `registry.organisation-${id}`);
      const text = Object.fromEntries(
        Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      expect(text).toMatchObject({
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_type: 'registry.OrganisationAdmitted.v1',
        ce_source: '/registry',
        ce_subject: `registry.organisation-${id}`,
        ce_correlationid: correlationId,
        ce_logposition: expect.stringMatching(/^\d+\/\d+$/),
        ce_streamrevision: expect.stringMatching(/^\d+$/),
      });
      expect(JSON.parse(String(message.value))).toMatchObject({ organisationId: id, name: 'Wegweiser e.V.' });
    },

    async 'can be read by an auditor as it was decided, by whom, in order'(alliance) {
      const id = await admitted(alliance, 'Lotsendienst e.V.');
      const client = await alliance.client('registry', auditor);
      const { body } = await client.get<readonly { type: string; actor: { subject: string } }[]>(
        `/registry/organisations/${id}/history`,
      );
      expect(body.map(({ type, actor }) => [type, actor.subject])).toEqual([
        ['MembershipAppliedFor', 'representative-1'],
        ['OrganisationVerified', 'coordinator-1'],
        ['AdmissionDecided', 'coordinator-1'],
        ['OrganisationAdmitted', expect.any(String)],
      ]);
    },

    async 'is decided once when the same command comes twice at the same time'(alliance) {
      const client = await alliance.client('registry', representative);
      const key = randomUUID();
      const ids = await Promise.all(Array.from({ length: 8 }, () => apply(client, 'Doppelt hält besser e.V.', key)));
      expect(new Set(ids).size).toBe(1);
      const history = await (
        await alliance.client('registry', auditor)
      ).get<readonly unknown[]>(`/registry/organisations/${ids[0]}/history`);
      expect(history.body).toHaveLength(1);
    },
  },
);

/** The first message with the key on registry's topic. */
async function messageOfKey(brokers: string, key: string) {
  const kafka = new Kafka({ clientId: 'journey', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `journey-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: ['registry.organisation.v1'], fromBeginning: true });
  try {
    return await new Promise<{ headers?: object; value: Buffer | null }>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error(`No message of ${key} came.`)), 30_000);
      void consumer.run({
        eachMessage: ({ message }) => {
          if (String(message.key) === key) {
            clearTimeout(timeout);
            resolve(message);
          }
          return Promise.resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
}
