import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { startAlliance } from '@alliance/journeys';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { type Benchmark, compare, concurrently, type Side, timed } from './measure';

const COMMANDS = 4000;
const CONCURRENCY = 32;

const application = {
  name: 'Nachbarschaftshilfe Süd',
  kind: 'civil-society',
  legalForm: 'e.V.',
  operatingSince: '2015-04-01',
  regionKey: '11000000',
  identifiers: [{ scheme: 'vereinsregister', court: 'Berlin (Charlottenburg)', number: 'VR 12345' }],
  fieldKeys: ['accommodation', 'orientation'],
  website: 'https://example.org',
};

export const commandBenchmark: Benchmark = {
  name: 'command',
  measure: `HTTP command to durable event at concurrency ${CONCURRENCY}, against a bare appendToStream of the same events`,
  unit: '×',
  better: 'higher',
  bar: 0.5,
  aim: 0.8,
  async run(progress) {
    progress('starting the registry as a process of its own');
    const alliance = await startAlliance(['registry'], { settings: { ROLES: 'http' } });
    const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
    const client = EventStoreDBClient.connectionString(alliance.eventStore.url);
    try {
      const token = await alliance.issuer.token({ subject: 'coordinator-1', roles: ['coordinator'] });
      const send = () => post(agent, `${alliance.service('registry').url}/registry/organisations`, token, application);
      const { organisationId: id } = JSON.parse(await send()) as { organisationId: string };
      const written = await writtenEvent(client, `registry.organisation-${id}`);
      const commands: Side = async () => ({
        seconds: await timed(() => concurrently(COMMANDS, CONCURRENCY, send)),
        units: COMMANDS,
      });
      const appends: Side = async () => ({
        seconds: await timed(() =>
          concurrently(COMMANDS, CONCURRENCY, () =>
            client.appendToStream(
              `registry.organisation-${randomUUID()}`,
              jsonEvent({ ...written, id: randomUUID() }),
              {
                expectedRevision: NO_STREAM,
              },
            ),
          ),
        ),
        units: COMMANDS,
      });
      return await compare({ ours: commands, bare: appends, rounds: 7 }, progress);
    } finally {
      agent.destroy();
      await client.dispose();
      await alliance.stop();
    }
  },
};

/** The event that the command wrote: the bare side appends the same bytes. */
async function writtenEvent(client: EventStoreDBClient, streamName: string) {
  for await (const { event } of client.readStream(streamName)) {
    if (event === undefined) break;
    return {
      type: event.type,
      data: event.data as Record<string, unknown>,
      metadata: event.metadata as Record<string, unknown>,
    };
  }
  throw new Error(`${streamName} is empty.`);
}

/** Node's plain client: the measured side should not pay for a comfortable one. */
function post(agent: Agent, url: string, token: string, body: unknown): Promise<string> {
  const payload = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 201 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
      );
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}
