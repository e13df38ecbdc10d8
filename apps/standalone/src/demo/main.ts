import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '../standalone';
import { tellOfAudit } from './audit.chapter';
import { castOf } from './cast';
import { tellOfContacts } from './contacts.chapter';
import { tellOfDoubleStructures } from './double-structures.chapter';
import { tellOfDuplicates } from './duplicates.chapter';
import { tellOfAward } from './grant-award.chapter';
import { tellOfPayment } from './grant-payment.chapter';
import { tellOfMatching } from './matching.chapter';
import { tellOfRegistry } from './registry.chapter';
import { Story } from './story';

/** `npm run demo`: the story on a throw-away standalone; exits 0 only when every check held. */
async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'alliance-demo-'));
  const write = (line: string) => console.log(line);
  try {
    write('Starting a throw-away standalone …');
    const standalone = await startStandalone({ dataDir, port: 0, logLevel: 'error' });
    try {
      write(`It runs at ${standalone.url}.`);
      const story = new Story(write);
      const cast = await castOf(standalone.url);
      const members = await tellOfRegistry(story, cast);
      await tellOfDuplicates(story, cast, members);
      const structureId = await tellOfDoubleStructures(story, cast, members);
      await tellOfContacts(story, cast, members);
      const grant = await tellOfAward(story, cast, members, structureId);
      const closedAt = await tellOfPayment(story, cast, grant);
      const matched = await tellOfMatching(story, cast, members);
      await tellOfAudit(story, cast, { grant, closedAt, matched, eventStoreUrl: standalone.eventStoreUrl });
      if (!story.end()) process.exitCode = 1;
    } finally {
      await standalone.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`The demo broke off: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
