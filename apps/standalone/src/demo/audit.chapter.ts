import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askUntil, type Cast } from './cast';
import type { AwardedGrant } from './grant-award.chapter';
import type { Matched } from './matching.chapter';
import type { Money } from './steps';
import type { Story } from './story';

/** The auditors' command line, compiled beside this. */
const ALLIANCE_AUDIT = join(__dirname, '../../../audit/src/main.js');

type Facts = Readonly<Record<string, { readonly value: unknown; readonly restsOn: readonly string[] }>>;

/** What auditors find in the log alone, of the same grant at two moments, and of everything. */
export async function tellOfAudit(
  story: Story,
  { auditor }: Cast,
  {
    grant,
    closedAt,
    matched,
    eventStoreUrl,
  }: { grant: AwardedGrant; closedAt: string; matched: Matched; eventStoreUrl: string },
): Promise<void> {
  story.chapter('What auditors find');
  const { grantId, potId, awardedAt, officer } = grant;
  const run = (...args: readonly string[]) => allianceAudit(eventStoreUrl, args);
  for (const [at, stage] of [
    [awardedAt, 'awarded'],
    [closedAt, 'closed'],
  ] as const) {
    const { output } = await run('grant', grantId, '--at', at, '--json');
    const stageThen = (JSON.parse(output) as Facts)['stage'];
    const claim = `alliance-audit grant --at ${at}: it is ${stage}, by the event at ${stageThen?.restsOn.join(', ')}`;
    story.check(claim, stageThen?.value === stage, output);
  }
  const overHttp = await auditor.get<{ readonly facts: Facts }>(
    `/fund/grants/${grantId}/state?at=${encodeURIComponent(awardedAt)}`,
  );
  story.check('The same over HTTP, for auditors', overHttp.body.facts['stage']?.value === 'awarded', overHttp.body);

  // What goes back to the pot goes by the reactor.
  const pot = await askUntil(
    () => officer.client.get<{ committed: Money; free: Money }>(`/fund/pots/${potId}`),
    ({ body }) => body.committed.cents === 550_000,
  );
  story.check(
    'Of the pot 5,500 EUR are committed; all else is free again',
    pot.body.free.cents === 4_450_000,
    pot.body,
  );
  const ledger = await run('fund', '--format', 'csv');
  story.check('alliance-audit fund: the ledger adds up to the cent', ledger.exitCode === 0, ledger);
  const replayed = await run('round', matched.roundId, '--replay');
  story.check('alliance-audit round --replay: the same proposals, byte by byte', replayed.exitCode === 0, replayed);
  const hours = await run('allocation', matched.allocationId);
  for (const line of hours.output.trim().split('\n')) story.tell(line);
  story.check('alliance-audit allocation: what became of two hours', hours.output.includes('90'), hours);
  const check = await run('check');
  for (const line of check.output.trim().split('\n')) story.tell(line);
  story.check('alliance-audit check finds no breach in the whole log', check.exitCode === 0, check);
}

async function allianceAudit(eventStoreUrl: string, args: readonly string[]) {
  const environment = { ...process.env, EVENTSTORE_URL: eventStoreUrl };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [ALLIANCE_AUDIT, ...args], { env: environment });
    return { exitCode: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: stdout + stderr };
  }
}
