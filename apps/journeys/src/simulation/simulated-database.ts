import type { LogPosition, Rows } from '@alliance/event-sourcing';
import type { SimulatedProcess } from './simulated-process';

/** Rows by key; what a transaction wrote is seen by others when it has committed. */
export class SimulatedTransaction {
  private readonly written = new Map<string, unknown>();

  constructor(
    private readonly database: SimulatedDatabase,
    readonly process: SimulatedProcess,
  ) {}

  get<Value>(key: string): Value | undefined {
    return this.written.has(key) ? (this.written.get(key) as Value) : this.database.get(key);
  }

  list<Item>(key: string): readonly Item[] {
    return this.get(key) ?? [];
  }

  set(key: string, value: unknown): void {
    this.written.set(key, value);
  }

  add(key: string, item: unknown): void {
    this.set(key, [...this.list(key), item]);
  }

  commit(): void {
    for (const [key, value] of this.written) this.database.set(key, value);
  }
}

/** The database of a service. Its transactions run one at a time, which is the strictest isolation there is. */
export class SimulatedDatabase {
  private readonly committed = new Map<string, unknown>();
  private holder: SimulatedProcess | undefined;
  private readonly waiting: { readonly process: SimulatedProcess; readonly begin: () => void }[] = [];

  /** Called after each commit. */
  onCommit: () => void = () => undefined;

  get<Value>(key: string): Value | undefined {
    return this.committed.get(key) as Value | undefined;
  }

  list<Item>(key: string): readonly Item[] {
    return this.get(key) ?? [];
  }

  set(key: string, value: unknown): void {
    this.committed.set(key, value);
  }

  /** How far a follower of the log has come. */
  checkpoint(follower: string): LogPosition | undefined {
    return this.get(checkpointOf(follower));
  }

  seenBy(process: SimulatedProcess): Rows<SimulatedTransaction> {
    process.onDeath(() => this.holder === process && this.release());
    return {
      transaction: async (work) => {
        await this.begin(process);
        try {
          const tx = new SimulatedTransaction(this, process);
          const result = await work(tx);
          await process.effect(() => {
            tx.commit();
            this.onCommit();
          });
          return result;
        } finally {
          this.release();
        }
      },
      loadCheckpoint: (follower) => process.effect(() => this.checkpoint(follower)),
      saveCheckpoint: (tx, follower, position, expected) =>
        process.effect(() => {
          const found = tx.get<LogPosition>(checkpointOf(follower));
          if (expected && found?.commit !== expected.at?.commit) throw new Error('Another has moved the checkpoint.');
          tx.set(checkpointOf(follower), position);
        }),
    };
  }

  private begin(process: SimulatedProcess): Promise<void> {
    return new Promise((resolve) => {
      const begin = () => {
        this.holder = process;
        resolve();
      };
      if (this.holder === undefined) begin();
      else this.waiting.push({ process, begin });
    });
  }

  private release(): void {
    this.holder = undefined;
    let next = this.waiting.shift();
    while (next !== undefined && !next.process.isAlive) next = this.waiting.shift();
    next?.begin();
  }
}

function checkpointOf(follower: string): string {
  return `checkpoint ${follower}`;
}
