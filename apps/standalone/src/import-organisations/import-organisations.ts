import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Answer, ApiClient, type Problem } from '../api-client';

/** Where the words of a run go. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Replaces the line that was shown before it; an empty one takes it away. */
  readonly showProgress: (line: string) => void;
}

interface Verdict {
  readonly line: number;
  readonly verdict: 'accepted' | 'duplicate' | 'refused' | 'broken';
  readonly code?: string;
  readonly detail?: string;
}

interface Imported {
  readonly importId?: string;
  readonly rows: readonly Verdict[];
}

interface Progress {
  readonly accepted: number;
  readonly applied: number;
  readonly done: boolean;
}

/** One sentence for who called it; no fault of the code. */
class Fault extends Error {}

const USAGE =
  'expected FILE [--dry-run] [--url http://127.0.0.1:4000], with a token in ALLIANCE_TOKEN or the file ALLIANCE_TOKEN_FILE';
const PATH = '/registry/organisation-imports';
const ASK_EVERY_MS = 250;

/**
 * Imports a list of organisations over HTTP, or with `--dry-run` only has it judged, and shows how far it has got. The
 * same file again is the same import: it goes on where it was interrupted and records nothing twice. The exit code: 0, or
 * 1 with what is wrong in one line, also when rows are broken. Does not throw for what callers and servers do wrong.
 */
export async function importOrganisations(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<0 | 1> {
  try {
    const { file, dryRun, url } = optionsOf(args);
    const token = await tokenOf(environment);
    const content = await readFile(file).catch((error: Error) => {
      throw new Fault(`${file} cannot be read: ${error.message}`);
    });
    const bytes = new Uint8Array(content);
    const client = new ApiClient(url, token);
    terminal.showProgress(`${dryRun ? 'judging' : 'importing'} ${file} …`);
    const { rows, importId } = await upload(client, bytes, dryRun, terminal);
    terminal.showProgress('');
    printVerdicts(rows, terminal);
    if (importId !== undefined) await follow(client, importId, terminal);
    return rows.some(({ verdict }) => verdict === 'broken') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    terminal.showProgress('');
    terminal.printError(`import-organisations: ${error.message}`);
    return 1;
  }
}

function optionsOf(args: readonly string[]) {
  const options = { 'dry-run': { type: 'boolean' }, url: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { url = 'http://127.0.0.1:4000' } = values;
    const [file, ...more] = positionals;
    if (file !== undefined && more.length === 0 && URL.canParse(url)) {
      return { file, dryRun: values['dry-run'] ?? false, url: url.replace(/\/$/, '') };
    }
  } catch {
    // Told below, as everything that is not understood.
  }
  throw new Fault(`"${args.join(' ')}" is not understood; ${USAGE}.`);
}

async function tokenOf({ ALLIANCE_TOKEN, ALLIANCE_TOKEN_FILE }: Readonly<Record<string, string | undefined>>) {
  if (ALLIANCE_TOKEN) return ALLIANCE_TOKEN;
  if (!ALLIANCE_TOKEN_FILE) throw new Fault(`no token; ${USAGE}.`);
  const text = await readFile(ALLIANCE_TOKEN_FILE, 'utf8').catch((error: Error) => {
    throw new Fault(`ALLIANCE_TOKEN_FILE cannot be read: ${error.message}`);
  });
  return text.trim();
}

async function upload(
  client: ApiClient,
  bytes: Uint8Array<ArrayBuffer>,
  dryRun: boolean,
  terminal: Terminal,
): Promise<Imported> {
  const key = { 'idempotency-key': createHash('sha256').update(bytes).digest('hex') };
  const path = dryRun ? `${PATH}?dryRun=true` : PATH;
  const { status, body } = await answered(client.postCsv<Imported | Problem>(path, bytes, key));
  if ('rows' in body) return body;
  if (body.code !== 'ORGANISATION_FILE_BROKEN') throw new Fault(`${status} ${body.code}: ${body.detail}`);
  terminal.showProgress('');
  printVerdicts((body.data as { rows: readonly Verdict[] }).rows, terminal);
  throw new Fault(body.detail);
}

/** Each row that does not become an application, then how many there are of each. */
function printVerdicts(rows: readonly Verdict[], { print }: Terminal): void {
  for (const { line, verdict, code, detail } of rows) {
    if (verdict !== 'accepted')
      print(`line ${line}: ${verdict}${code ? ` ${code}` : ''}${detail ? `: ${detail}` : ''}`);
  }
  const count = (wanted: Verdict['verdict']) => rows.filter(({ verdict }) => verdict === wanted).length;
  const counts = (['accepted', 'duplicate', 'refused', 'broken'] as const).map((each) => `${count(each)} ${each}`);
  print(`${rows.length} verdicts: ${counts.join(', ')}.`);
}

/** Shows how far the import has got until it is done. */
async function follow(client: ApiClient, importId: string, terminal: Terminal): Promise<void> {
  for (;;) {
    const { status, body } = await answered(client.get<Progress | Problem>(`${PATH}/${importId}`));
    if ('done' in body) {
      terminal.showProgress(`${body.applied} of ${body.accepted} applications recorded`);
      if (body.done) {
        terminal.showProgress('');
        return terminal.print(`Import ${importId}: ${body.applied} applications recorded.`);
      }
      // The read model learns of the import a moment after it is accepted; a service may be restarted meanwhile.
    } else if (status !== 404 && status !== 503) {
      throw new Fault(`${status} ${body.code}: ${body.detail}`);
    }
    await sleep(ASK_EVERY_MS);
  }
}

async function answered<Body>(answer: Promise<Answer<Body>>): Promise<Answer<Body>> {
  return answer.catch((error: Error) => {
    const { cause } = error;
    throw new Fault(`no answer: ${cause instanceof Error ? cause.message || cause.name : error.message}`);
  });
}
