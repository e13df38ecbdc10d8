import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { whatKafkaLacks } from './kafka-jars';
import { notRun } from './kafka-tests';
import { startKafka } from './start-kafka';

const tests: Readonly<Record<string, () => Promise<void>>> = {
  'goes down with a process that is killed, and is there again with its data': async () => {
    await inFolder(async (dataDir) => {
      const owner = spawn(process.execPath, ['-e', OWNER, dataDir], {
        cwd: __dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string];
      const port = Number(line.trim().split(':')[1]);
      await withAdmin([line.trim()], (admin) => admin.createTopics({ topics: [{ topic: 'kept' }] }));
      owner.kill('SIGKILL');
      // On another port, at once: the broker of the killed process may hold the folder for a moment still.
      const successor = await startKafka({ dataDir });
      try {
        expect(await accepts(port)).toBe(false);
        expect(await withAdmin(successor.brokers, (admin) => admin.listTopics())).toContain('kept');
      } finally {
        await successor.stop();
      }
    });
  },

  'says in one sentence that a given port is taken': async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await inFolder(async (dataDir) => {
      await expect(startKafka({ dataDir, port })).rejects.toThrow(
        `Port ${port} for Kafka is taken by another process.`,
      );
    });
    server.close();
  },
};

const lack = whatKafkaLacks();
if (lack !== undefined) notRun('the embedded Kafka', Object.keys(tests).length, lack);
else describe('the embedded Kafka', () => test.each(Object.entries(tests))('%s', (_, prove) => prove(), 180_000));

/** A program that starts a Kafka on the folder and says where it listens; it compiles the sources as it loads them. */
const OWNER = `
  require('module')._extensions['.ts'] = (module, file) =>
    module._compile(require('@swc/core').transformFileSync(file, { module: { type: 'commonjs' } }).code, file);
  require(${JSON.stringify(join(__dirname, 'start-kafka.ts'))})
    .startKafka({ dataDir: process.argv[1] })
    .then(({ brokers }) => console.log(brokers[0]));
`;

async function inFolder(work: (dataDir: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka mit Ümlaut '));
  await work(folder).finally(() => rm(folder, { recursive: true, force: true }));
}

async function withAdmin<Result>(
  brokers: readonly string[],
  work: (admin: ReturnType<Kafka['admin']>) => Promise<Result>,
): Promise<Result> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}
