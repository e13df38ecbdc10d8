import type { Alliance } from './world/alliance';
import { eventually } from './world/eventually';
import { journeys } from './world/journeys';
import { admit, apply, expectStatus } from './world/registry-steps';

interface Overlaps {
  readonly demands: string;
  readonly items: readonly { readonly structure: { readonly id: string }; readonly suggestion: string }[];
}

const representative = { subject: 'representative-1', roles: ['representative'] };
const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
const chair = { subject: 'chair-1', roles: ['chair'] };

const scope = {
  fieldKeys: ['orientation'],
  regionKeys: ['09000000'],
  targetGroups: ['families'],
  service: 'legal-advice',
};

async function overlapsInWorkingGroups(alliance: Alliance): Promise<Overlaps> {
  const client = await alliance.client('working-groups', chair);
  return (await expectStatus(client.post<Overlaps>('/working-groups/overlaps', scope), 200)).body;
}

journeys(
  'double structures',
  { services: ['registry', 'working-groups'] },
  {
    async 'are stopped where a group is to be founded, by what an organisation recorded in the registry'(alliance) {
      const registry = await alliance.client('registry', coordinator);
      const field = { key: 'orientation', nameDe: 'Orientierung', nameEn: 'Orientation', validFrom: '2022-03-01' };
      await expectStatus(registry.post('/registry/fields-of-action', field), 201);
      const organisationId = await apply(await alliance.client('registry', representative), 'Rechtshilfe Bayern');
      await admit(registry, organisationId);
      await eventually(async () => expect((await overlapsInWorkingGroups(alliance)).demands).toBe('nothing'));

      const owner = await alliance.client('registry', { ...representative, organisationId });
      const structure = { organisationId, name: 'Rechtsberatung', ...scope, operatingSince: '2022-04-01' };
      const { body: recorded } = await eventually(() =>
        expectStatus(owner.post<{ structureId: string }>('/registry/structures', structure), 201),
      );
      const found = await eventually(async () => {
        const overlaps = await overlapsInWorkingGroups(alliance);
        expect(overlaps.demands).toBe('consent');
        expect(overlaps.items[0]?.suggestion).toBe('Join Rechtsberatung of Rechtshilfe Bayern');
        return overlaps;
      });
      expect(found.items.map(({ structure: { id } }) => id)).toEqual([recorded.structureId]);

      await expectStatus(owner.post(`/registry/structures/${recorded.structureId}/end`, { reasonCode: 'merged' }), 204);
      await eventually(async () => expect((await overlapsInWorkingGroups(alliance)).demands).toBe('nothing'));
    },
  },
);
