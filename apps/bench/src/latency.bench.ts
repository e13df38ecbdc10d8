import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@alliance/standalone';
import { type Alliance, startAlliance } from '@alliance/journeys';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { abandon, bareClient } from './bare-client';
import { type Benchmark, percentile, spreadOf } from './measure';

const ROUNDS = 5;
const SAMPLES_A_ROUND = 200;
const PAUSE_MS = 10;
const POLL_MS = 1;
/** Enough for most code on the way to be compiled hot, few enough for a busy machine; what is cold still counts against us. */
const WARM_UP_SAMPLES = 300;
/** By turns, so that no stream grows longer than those of real organisations. */
const ORGANISATIONS = 40;
const TOPIC = 'bench.bare';

/** One side: how many milliseconds it takes once. */
interface Measured {
  once(): Promise<number>;
  close(): Promise<void>;
}

export const latencyBenchmark: Benchmark = {
  name: 'latency',
  measure:
    "command to visible in another service's read model, p99, against append, produce and fetch bare in sequence",
  unit: '×',
  better: 'lower',
  bar: 4,
  aim: 2,
  async run(progress) {
    progress('starting registry and fund as processes of their own, on a Kafka');
    const alliance = await startAlliance(['registry', 'fund']);
    try {
      const [ours, bare] = [await suspensions(alliance), await bareSequence(alliance)];
      try {
        progress('warming up');
        await samples(ours, bare, WARM_UP_SAMPLES, 0);
        const rounds: { ours: number; bare: number; ratio: number }[] = [];
        for (let round = 1; round <= ROUNDS; round += 1) {
          const taken = await samples(ours, bare, SAMPLES_A_ROUND, PAUSE_MS);
          const [oursMs, bareMs] = [percentile(taken.ours, 0.99), percentile(taken.bare, 0.99)];
          rounds.push({ ours: oursMs, bare: bareMs, ratio: oursMs / bareMs });
          progress(`round ${round}/${ROUNDS}: p99 ${oursMs.toFixed(1)} ms against ${bareMs.toFixed(1)} ms`);
        }
        return { spread: spreadOf(rounds.map(({ ratio }) => ratio)), raw: rounds };
      } finally {
        await Promise.all([ours.close(), bare.close()]);
      }
    } finally {
      await alliance.stop();
    }
  },
};

/** Milliseconds of each of so many, the two sides in turn and with pauses between: light load, one neighbourhood. */
async function samples(ours: Measured, bare: Measured, count: number, pauseMs: number) {
  const figures = { ours: [] as number[], bare: [] as number[] };
  for (let sample = 0; sample < count; sample += 1) {
    figures.ours.push(await ours.once());
    await new Promise((wake) => setTimeout(wake, pauseMs));
    figures.bare.push(await bare.once());
    await new Promise((wake) => setTimeout(wake, pauseMs));
  }
  return figures;
}

/** Suspends and reinstates organisations by turns, and waits each time until fund has written it down. */
async function suspensions(alliance: Alliance): Promise<Measured> {
  const coordinator = await alliance.client('registry', { subject: 'coordinator-1', roles: ['coordinator'] });
  const ids: string[] = [];
  while (ids.length < ORGANISATIONS) ids.push(await admitOne(alliance, coordinator));
  const fund = new Client({ connectionString: alliance.postgres.url('fund') });
  await fund.connect();
  const untilStatus = async (id: string, status: string) => {
    for (;;) {
      const found = await fund.query<{ status: string }>('SELECT status FROM known_organisation WHERE id = $1', [id]);
      if (found.rows[0]?.status === status) return;
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  };
  for (const id of ids) await untilStatus(id, 'admitted');
  let turn = 0;
  return {
    async once() {
      const id = ids[turn % ids.length] ?? '';
      const suspend = Math.floor(turn / ids.length) % 2 === 0;
      turn += 1;
      const startedAt = performance.now();
      await (suspend
        ? accepted(coordinator, `${id}/suspension`, { reasonCode: 'report-overdue' })
        : accepted(coordinator, `${id}/reinstatement`, {}));
      await untilStatus(id, suspend ? 'suspended' : 'admitted');
      return performance.now() - startedAt;
    },
    close: () => fund.end(),
  };
}

async function admitOne(alliance: Alliance, coordinator: ApiClient): Promise<string> {
  const representative = await alliance.client('registry', { subject: 'representative-1', roles: ['representative'] });
  const { organisationId: id } = await accepted<{ organisationId: string }>(representative, '', {
    name: 'Nachbarschaftshilfe Süd',
    kind: 'civil-society',
    operatingSince: '2015-04-01',
    identifiers: [],
    fieldKeys: [],
  });
  const evidence = { kind: 'register-extract', reference: 'extract-1', issuedOn: '2026-01-02' };
  await accepted(coordinator, `${id}/verification`, { checks: [{ checked: 'register', evidence }] });
  await accepted(coordinator, `${id}/admission`, {});
  return id;
}

async function accepted<Body>(client: ApiClient, path: string, body: unknown): Promise<Body> {
  const answer = await client.post<Body>(`/registry/organisations${path === '' ? '' : `/${path}`}`, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Append, produce, fetch: each with its bare client, one after the other. */
async function bareSequence(alliance: Alliance): Promise<Measured> {
  const client = bareClient(alliance.eventStore.url);
  const kafka = new Kafka({ clientId: 'bare', brokers: [alliance.kafka.brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: TOPIC });
  const waiting = new Map<string, () => void>();
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      waiting.get(String(message.key))?.();
      return Promise.resolve();
    },
  });
  const data = { reasonCode: 'report-overdue' };
  return {
    async once() {
      const key = randomUUID();
      const fetched = new Promise<void>((resolve) => waiting.set(key, resolve));
      const startedAt = performance.now();
      await client.appendToStream(`bench.bare-${key}`, jsonEvent({ type: 'OrganisationSuspended', data }), {
        expectedRevision: NO_STREAM,
      });
      await producer.send({ topic: TOPIC, acks: -1, messages: [{ key, value: JSON.stringify(data) }] });
      await fetched;
      waiting.delete(key);
      return performance.now() - startedAt;
    },
    async close() {
      abandon(client);
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}
