import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaTests } from './kafka-tests';
import { startKafka } from './start-kafka';

// These start brokers of their own, whichever is given to the others.
kafkaTests('the embedded Kafka', {
  'keeps its data over a restart on another port, in a folder with a space and an umlaut': async () => {
    await inFolder(async (dataDir) => {
      const first = await startKafka({ dataDir });
      await withAdmin(first.brokers, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }] }));
      await first.stop();
      const second = await startKafka({ dataDir });
      expect(second.brokers).not.toEqual(first.brokers);
      expect(await withAdmin(second.brokers, (admin) => admin.listTopics())).toContain('kept');
      await second.stop();
    });
  },

  'says in one sentence that a given port is taken': async ([taken = '']) => {
    const port = Number(taken.split(':')[1]);
    await inFolder(async (dataDir) => {
      await expect(startKafka({ dataDir, port })).rejects.toThrow(
        `Port ${port} for Kafka is taken by another process.`,
      );
    });
  },

  'goes down with a process that is killed, and its folder can be used again at once': async () => {
    await inFolder(async (dataDir) => {
      const owner = spawn(process.execPath, ['-e', OWNER, dataDir], {
        cwd: __dirname,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string];
      const port = Number(line.trim().split(':')[1]);
      expect(await accepts(port)).toBe(true);
      owner.kill('SIGKILL');
      const successor = await startKafka({ dataDir });
      expect(await accepts(port)).toBe(false);
      await successor.stop();
    });
  },
});

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
