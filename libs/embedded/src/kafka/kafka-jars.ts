import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OLDEST_JAVA = 17;

/** What this machine lacks for a Kafka of its own, as one sentence; `undefined` when `startKafka` can work. */
export function whatKafkaLacks(): string | undefined {
  // `openjdk version "17.0.15"`, on stderr; before Java 9 it was `"1.8.0_…"`.
  const found = / version "(?:1\.)?(\d+)/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '')?.[1];
  if (found === undefined) return `Kafka needs Java ${OLDEST_JAVA} or newer, and there is no \`java\` on the PATH.`;
  if (Number(found) < OLDEST_JAVA)
    return `Kafka needs Java ${OLDEST_JAVA} or newer; the \`java\` on the PATH is ${found}.`;
  if (existsSync(jarFolder().folder) || spawnSync('mvn', ['-version']).status === 0) return undefined;
  return 'Kafka needs Maven to fetch its jars once, and there is no `mvn` on the PATH.';
}

/** The folder with the broker's jars; fetched by Maven when they are not there yet (about 45 MB). */
export async function kafkaJars(log: (line: string) => void): Promise<string> {
  const { pom, folder, version } = jarFolder();
  if (existsSync(folder)) return folder;
  log(`Fetching the jars of Kafka ${version} with Maven, once …`);
  const cache = dirname(folder);
  await mkdir(cache, { recursive: true });
  // Fetched beside and renamed when whole: a broken download or a second fetcher at the same time does no harm.
  const fetched = await mkdtemp(join(cache, 'fetching-'));
  try {
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(fetched, 'jars')}`];
    await run('mvn', ['-B', '-q', '-f', pom, ...goal]).catch((error: { stdout?: string; message: string }) => {
      const firstError = error.stdout?.split('\n').find((line) => line.includes('[ERROR]')) ?? error.message;
      throw new Error(`Maven could not fetch the jars of Kafka: ${firstError}`);
    });
    await rename(join(fetched, 'jars'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  return folder;
}

/** In the user's cache, so that every checkout finds them; named after the version and all else the POM says. */
function jarFolder(): { pom: string; folder: string; version: string } {
  const pom = findPom(__dirname);
  const text = readFileSync(pom, 'utf8');
  const version = /<kafka\.version>([^<]+)</.exec(text)?.[1] ?? 'of unknown version';
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alliance4ukraine');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { pom, folder: join(cache, `kafka-${version}-${digest}`), version };
}

/** Upwards from here, since this file runs from the sources in tests and from `dist` otherwise. */
function findPom(from: string): string {
  const pom = join(from, 'infra', 'kafka', 'pom.xml');
  if (existsSync(pom)) return pom;
  if (dirname(from) === from) throw new Error('infra/kafka/pom.xml is not above this program.');
  return findPom(dirname(from));
}
