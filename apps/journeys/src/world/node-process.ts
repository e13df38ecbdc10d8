import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Found from the source as well as from the compiled file, which lies one folder deeper. */
const WORKSPACE = workspaceOf(__dirname);

/** What a process needs to run besides its own settings; nothing else of this process's environment reaches it. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** A compiled program of the workspace as a process of its own, which a journey may stop or kill at any moment. */
export class NodeProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: string[],
  ) {}

  /** `entry` is a source path such as `apps/registry/src/main.ts`; the compiled file runs. */
  static start(entry: string, args: readonly string[], settings: Readonly<Record<string, string>>): NodeProcess {
    const inherited = Object.fromEntries(
      INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    const child = spawn(process.execPath, [resolve(WORKSPACE, 'dist', entry.replace(/\.ts$/, '.js')), ...args], {
      cwd: WORKSPACE,
      env: { ...inherited, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    const keep = (chunk: string) => lines.push(...chunk.split('\n').filter((line) => line !== ''));
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    return new NodeProcess(child, lines);
  }

  /** Everything it printed, line by line, from both streams. */
  get output(): readonly string[] {
    return this.lines;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The process did not start.');
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first line that matches, as soon as it is printed; throws with the last output when it ends or takes too long. */
  async line(pattern: RegExp, timeoutMs = 30_000): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (!this.running || Date.now() > deadline) throw this.failure(`never printed ${pattern}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Resolves when the URL answers 200; throws with the last output when the process ends or takes too long. */
  async answers(url: string, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let last = 'no answer';
    for (;;) {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
        if (response.status === 200) return;
        last = `${response.status} ${await response.text()}`;
      } catch (error) {
        last = String(error);
      }
      if (!this.running || Date.now() > deadline) throw this.failure(`${url} never answered 200 (${last})`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** Asks it to stop and waits; the exit code, or the signal's name when a signal ended it. */
  stop(): Promise<number | string> {
    return this.end('SIGTERM');
  }

  /** Ends it at once, as a power cut would. */
  kill(): Promise<number | string> {
    return this.end('SIGKILL');
  }

  /** Waits for its end; the exit code, or the signal's name. */
  async exit(): Promise<number | string> {
    if (this.running) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode ?? 'unknown';
  }

  private end(signal: NodeJS.Signals): Promise<number | string> {
    if (this.running) this.child.kill(signal);
    return this.exit();
  }

  private failure(what: string): Error {
    return new Error(`A process ${what}. It printed:\n${this.lines.slice(-30).join('\n')}`);
  }
}

function workspaceOf(folder: string): string {
  return existsSync(join(folder, 'nx.json')) ? folder : workspaceOf(dirname(folder));
}
