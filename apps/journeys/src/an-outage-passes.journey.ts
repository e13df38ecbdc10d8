import type { Alliance, Server } from './world/alliance';
import { eventually } from './world/eventually';
import { journeys } from './world/journeys';
import { admit, apply } from './world/registry-steps';

const representative = { subject: 'representative-1', roles: ['representative'] };
const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
const fundOfficer = { subject: 'officer-1', roles: ['fund-officer'] };

async function health(alliance: Alliance, probe: 'live' | 'ready'): Promise<number> {
  return (await fetch(`${alliance.service('registry').url}/health/${probe}`)).status;
}

/** Takes the server away, looks whether the registry says so and lives on, and gives it back. */
async function during(alliance: Alliance, server: Server, look: () => Promise<void>): Promise<void> {
  await server.stop();
  try {
    await eventually(async () => expect(await health(alliance, 'ready')).toBe(503));
    expect(await health(alliance, 'live')).toBe(200);
    await look();
  } finally {
    await server.start();
  }
  await eventually(async () => expect(await health(alliance, 'ready')).toBe(200), 60_000);
}

async function allIsWell(alliance: Alliance, name: string): Promise<void> {
  const id = await apply(await alliance.client('registry', representative), name);
  await admit(await alliance.client('registry', coordinator), id);
  await theFundHearsOf(alliance, id);
}

async function theFundHearsOf(alliance: Alliance, id: string): Promise<void> {
  const fund = await alliance.client('fund', fundOfficer);
  await eventually(async () => {
    const { body } = await fund.get<{ items: { id: string }[] }>('/fund/known-organisations?limit=200');
    expect(body.items.map((known) => known.id)).toContain(id);
  }, 60_000);
}

journeys(
  'an outage',
  { services: ['registry', 'fund'], stopsTheBroker: true },
  {
    async 'of the event store answers commands with 503 and Retry-After, and passes by itself'(alliance) {
      const client = await alliance.client('registry', representative);
      await during(alliance, alliance.eventStore, async () => {
        const application = {
          name: 'X',
          kind: 'company',
          operatingSince: '2010-01-01',
          identifiers: [],
          fieldKeys: [],
        };
        const answer = await client.post('/registry/organisations', application);
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      });
      await allIsWell(alliance, 'Nach dem Ausfall des Protokolls');
    },

    async 'of the database answers queries with 503 and Retry-After, and passes by itself'(alliance) {
      const client = await alliance.client('registry', coordinator);
      await during(alliance, alliance.postgres, async () => {
        const answer = await client.get('/registry/organisations');
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      });
      await allIsWell(alliance, 'Nach dem Ausfall der Datenbank');
    },

    async 'of the broker leaves commands accepted, and what was decided meanwhile arrives afterwards'(alliance) {
      let id = '';
      await during(alliance, alliance.kafka, async () => {
        id = await apply(await alliance.client('registry', representative), 'Während des Ausfalls');
        await admit(await alliance.client('registry', coordinator), id);
      });
      await theFundHearsOf(alliance, id);
    },

    async 'of the broker at the start of a service keeps it alive, unready, and passes by itself'(alliance) {
      await alliance.service('registry').process.stop();
      await alliance.kafka.stop();
      const restarted = alliance.service('registry').restart();
      try {
        await eventually(async () => expect(await health(alliance, 'live')).toBe(200));
        await eventually(async () => expect(await health(alliance, 'ready')).toBe(503));
      } finally {
        await alliance.kafka.start();
      }
      await restarted;
      await allIsWell(alliance, 'Nach dem Start ohne Broker');
    },
  },
);
