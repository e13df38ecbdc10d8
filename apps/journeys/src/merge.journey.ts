import { randomUUID } from 'node:crypto';
import { paymentRequestedV1, paymentSettledV1, type Publication, publication } from '@alliance/contracts';
import { encodeCloudEvent, KafkaBus } from '@alliance/event-bus';
import type { Alliance, ServiceName } from './world/alliance';
import { eventually } from './world/eventually';
import { journeys } from './world/journeys';
import { admit, apply, expectStatus } from './world/registry-steps';

const representative = { subject: 'representative-1', roles: ['representative'] };
const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
const otherServices = ['fund', 'working-groups', 'capacity-matching', 'public-sector-liaison'] as const;
const withGate = ['fund', 'working-groups'] as const;

const fieldsOfAction = ['orientation', 'accommodation', 'basic-supplies'];
const scope = {
  fieldKeys: ['orientation'],
  regionKeys: ['09000000'],
  targetGroups: ['families'],
  service: 'legal-advice',
};
/** From which record each fact of the surviving one is taken. */
const factsFrom = {
  name: 'absorbed',
  kind: 'survivor',
  legalForm: 'survivor',
  operatingSince: 'absorbed',
  regionKey: 'absorbed',
  identifiers: 'both',
  fieldKeys: 'both',
  website: 'survivor',
  address: 'survivor',
  parentOrganisationId: 'survivor',
};

interface Organisation {
  readonly stage: string;
  readonly stageSince: string;
  readonly identifiers: readonly object[];
  readonly mergedInto?: string;
  readonly revision: string;
  readonly assuredAt?: string;
  readonly assuredBy?: object;
}
interface Known {
  readonly name: string;
  readonly regionKey?: string;
  readonly status: string;
  readonly mergedInto?: string;
  readonly survivor: Omit<Known, 'survivor'> & { readonly id: string };
}

const identifiers = (number: number) => [{ scheme: 'vereinsregister', court: 'München', number: `VR ${number}` }];

async function member(alliance: Alliance, name: string, facts: object = {}): Promise<string> {
  const id = await apply(await alliance.client('registry', representative), name, randomUUID(), facts);
  await admit(await alliance.client('registry', coordinator), id);
  return id;
}
async function inRegistry(alliance: Alliance, id: string): Promise<Organisation> {
  const client = await alliance.client('registry', coordinator);
  return (await expectStatus(client.get<Organisation>(`/registry/organisations/${id}`), 200)).body;
}
async function knownIn(alliance: Alliance, service: ServiceName, id: string): Promise<Known> {
  const client = await alliance.client(service, coordinator);
  return (await expectStatus(client.get<Known>(`/${service}/known-organisations/${id}`), 200)).body;
}
/** Who and what the gate of the service would have a plan in the scope join. */
async function toJoin(alliance: Alliance, service: ServiceName) {
  const client = await alliance.client(service, coordinator);
  const overlaps = client.post<{ items: readonly { organisation: { id: string }; suggestion: string }[] }>(
    `/${service}/overlaps`,
    scope,
  );
  const { body } = await expectStatus(overlaps, 200);
  return body.items.map(({ organisation, suggestion }) => [organisation.id, suggestion]);
}

interface Pair {
  readonly goes: string;
  readonly stays: string;
}
async function merge(alliance: Alliance, { goes, stays }: Pair) {
  const client = await alliance.client('registry', coordinator);
  const wish = { into: stays, factsFrom, reasonCode: 'duplicate' };
  return client.post<{ code: string }>(`/registry/organisations/${goes}/merge`, wish);
}
async function undo(alliance: Alliance, { goes }: Pair) {
  const client = await alliance.client('registry', { subject: 'coordinator-2', roles: ['coordinator'] });
  return client.post<{ code: string }>(`/registry/organisations/${goes}/merge-undo`, { reasonCode: 'mistaken' });
}
async function blockers(alliance: Alliance, { goes, stays }: Pair): Promise<readonly string[]> {
  const client = await alliance.client('registry', coordinator);
  const path = `/registry/organisations/${goes}/merge-preview?into=${stays}`;
  const { body } = await expectStatus(client.get<{ blockers: readonly { code: string }[] }>(path), 200);
  return body.blockers.map(({ code }) => code);
}

/** As the fund's relay does: keyed by the payment, whose events are counted by the revision. */
async function fundPublishes(
  { kafka }: Alliance,
  paymentId: string,
  revision: bigint,
  { contract, data }: Publication,
): Promise<void> {
  const bus = KafkaBus.connect({ brokers: kafka.brokers.split(','), clientId: 'fund' });
  const event = encodeCloudEvent(contract.topic, {
    id: randomUUID(),
    source: '/fund',
    type: contract.type,
    subject: `fund.payment-${paymentId}`,
    time: new Date().toISOString(),
    streamRevision: revision,
    logPosition: { commit: revision, prepare: revision },
    correlationId: randomUUID(),
    data,
  });
  await bus.publish([event]).finally(() => bus.close());
}

journeys(
  'merge and undo',
  { services: ['registry', ...otherServices] },
  {
    async 'names the surviving record field by field, moves references in all services by event, and undo restores both'(
      alliance,
    ) {
      const registry = await alliance.client('registry', coordinator);
      for (const key of fieldsOfAction) {
        const field = { key, nameDe: key, nameEn: key, validFrom: '2022-03-01' };
        await expectStatus(registry.post('/registry/fields-of-action', field), 201);
      }
      const [one, other] = ['Rechtshilfe Bayern e.V.', 'Bayerische Rechtshilfe'] as const;
      const website = 'https://rechtshilfe.example';
      const ofOne = { operatingSince: '1998-05-01', regionKey: '09000000' };
      const pair = {
        goes: await member(alliance, one, { ...ofOne, identifiers: identifiers(1), fieldKeys: ['orientation'] }),
        stays: await member(alliance, other, { website, identifiers: identifiers(2), fieldKeys: ['accommodation'] }),
      };
      const owner = await alliance.client('registry', { ...representative, organisationId: pair.goes });
      const structure = { organisationId: pair.goes, name: 'Rechtsberatung', ...scope, operatingSince: '2022-04-01' };
      const { body: recorded } = await eventually(() =>
        expectStatus(owner.post<{ structureId: string }>('/registry/structures', structure), 201),
      );
      const structureOwner = async () =>
        (await registry.get<{ owner: { id: string } }>(`/registry/structures/${recorded.structureId}`)).body.owner?.id;
      const separate = async () => {
        expect(await structureOwner()).toBe(pair.goes);
        for (const service of withGate)
          expect(await toJoin(alliance, service)).toEqual([[pair.goes, `Join Rechtsberatung of ${one}`]]);
        for (const service of otherServices) {
          const [gone, stayed] = [
            await knownIn(alliance, service, pair.goes),
            await knownIn(alliance, service, pair.stays),
          ];
          expect(gone).toMatchObject({ name: one, regionKey: '09000000', status: 'admitted' });
          expect(gone.mergedInto).toBeUndefined();
          expect(gone.survivor.id).toBe(pair.goes);
          expect(stayed).toMatchObject({ name: other, status: 'admitted', survivor: { id: pair.stays } });
          expect(stayed.regionKey).toBeUndefined();
        }
      };
      await eventually(separate);
      const before = { goes: await inRegistry(alliance, pair.goes), stays: await inRegistry(alliance, pair.stays) };

      await expectStatus(merge(alliance, pair), 204);
      await eventually(async () =>
        expect(await inRegistry(alliance, pair.goes)).toMatchObject({ stage: 'merged', mergedInto: pair.stays }),
      );
      const survivor = await inRegistry(alliance, pair.stays);
      expect(survivor).toMatchObject({ name: one, ...ofOne, website, fieldKeys: ['accommodation', 'orientation'] });
      expect(survivor.identifiers).toHaveLength(2);
      expect(survivor.identifiers).toEqual(expect.arrayContaining([...identifiers(1), ...identifiers(2)]));
      await eventually(async () => {
        expect(await structureOwner()).toBe(pair.stays);
        for (const service of otherServices) {
          const gone = await knownIn(alliance, service, pair.goes);
          expect(gone).toMatchObject({ status: 'merged', mergedInto: pair.stays });
          expect(gone.survivor).toMatchObject({ id: pair.stays, name: one, regionKey: '09000000' });
        }
        for (const service of withGate)
          expect(await toJoin(alliance, service)).toEqual([[pair.stays, `Join Rechtsberatung of ${one}`]]);
      });

      await expectStatus(undo(alliance, pair), 204);
      await eventually(separate);
      for (const which of ['goes', 'stays'] as const) {
        // Whoever undoes a merge has looked at the facts of both, which assures them anew.
        const { revision, stageSince, assuredAt, assuredBy } = before[which];
        const after = await inRegistry(alliance, pair[which]);
        expect({ ...after, revision, stageSince, assuredAt, assuredBy }).toEqual(before[which]);
      }
    },

    async 'is refused while a payment is pending, of which the fund tells, and allowed when it is settled'(alliance) {
      const pair = {
        goes: await member(alliance, 'Nachbarschaftshilfe Nord'),
        stays: await member(alliance, 'Nachbarn im Norden'),
      };
      const at = new Date().toISOString();
      const pay = async (organisationId: string) => {
        const paymentId = randomUUID();
        const requested = { paymentId, grantId: randomUUID(), organisationId, requestedAt: at };
        await fundPublishes(alliance, paymentId, 0n, publication(paymentRequestedV1, requested));
        await eventually(async () => expect(await blockers(alliance, pair)).toContain('ORGANISATION_PAYMENT_PENDING'));
        return () => {
          const settled = { paymentId, outcome: 'paid' as const, settledAt: at };
          return fundPublishes(alliance, paymentId, 1n, publication(paymentSettledV1, settled));
        };
      };
      const settleFirst = await pay(pair.goes);
      expect((await expectStatus(merge(alliance, pair), 409)).body.code).toBe('ORGANISATION_PAYMENT_PENDING');
      expect(await inRegistry(alliance, pair.goes)).toMatchObject({ stage: 'admitted' });
      await settleFirst();
      await eventually(async () => expect(await blockers(alliance, pair)).toEqual([]));
      await expectStatus(merge(alliance, pair), 204);

      const settleSecond = await pay(pair.stays);
      expect((await expectStatus(undo(alliance, pair), 409)).body.code).toBe('ORGANISATION_PAYMENT_PENDING');
      await settleSecond();
      await eventually(() => expectStatus(undo(alliance, pair), 204));
      await eventually(async () => expect(await inRegistry(alliance, pair.goes)).toMatchObject({ stage: 'admitted' }));
    },
  },
);
