import { randomUUID } from 'node:crypto';
import { startAlliance } from '@alliance/journeys';
import { jsonEvent, NO_STREAM, type EventStoreDBClient } from '@eventstore/db-client';
import { Pool } from 'undici';
import { abandon, bareClient } from './bare-client';
import { type Benchmark, compare, concurrently, type Side, timed } from './measure';

/** Few in a round and many rounds: the two sides of a pair then have the same neighbours on the machine. */
const COMMANDS = 1000;
const ROUNDS = 21;
/** Until both sides' code is compiled; after some 5000 commands they get no faster. */
const WARM_UP_ROUNDS = 6;
const CONCURRENCY = 32;

const application = JSON.stringify({
  name: 'Nachbarschaftshilfe Süd',
  kind: 'civil-society',
  legalForm: 'e.V.',
  operatingSince: '2015-04-01',
  regionKey: '11000000',
  identifiers: [{ scheme: 'vereinsregister', court: 'Berlin (Charlottenburg)', number: 'VR 12345' }],
  fieldKeys: ['accommodation', 'orientation'],
  website: 'https://example.org',
});

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
    const pool = new Pool(alliance.service('registry').url, { connections: CONCURRENCY });
    const client = bareClient(alliance.eventStore.url);
    try {
      const token = await alliance.issuer.token({ subject: 'coordinator-1', roles: ['coordinator'] });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const send = () => post(pool, { path: '/registry/organisations', headers, body: application });
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
      return await compare({ ours: commands, bare: appends, rounds: ROUNDS, warmUpRounds: WARM_UP_ROUNDS }, progress);
    } finally {
      await pool.close();
      abandon(client);
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

/** A lean client, without a stream for each answer: what it costs counts against the measured side. */
function post(
  pool: Pool,
  request: { readonly path: string; readonly headers: Record<string, string>; readonly body: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    pool.dispatch(
      { method: 'POST', ...request },
      {
        onConnect: () => undefined,
        onHeaders(statusCode) {
          status = statusCode;
          return true;
        },
        onData: (chunk) => chunks.push(chunk) > 0,
        onComplete() {
          const text = Buffer.concat(chunks).toString();
          if (status === 201) resolve(text);
          else reject(new Error(`${status}: ${text}`));
        },
        onError: reject,
      },
    );
  });
}
