/** What has been accepted for one stream but is not on the disk yet. */
interface PendingStream {
  lastRevision: number;
  transactions: number;
  readonly ids: Set<string>;
  /** Somebody waits to change more than this stream's end (or is doing it): nothing else is decided before. */
  exclusive: boolean;
  latest: Promise<void>;
}

/** What a transaction is going to do to one stream. */
export interface Claim {
  readonly streamName: string;
  readonly lastRevision: number;
  readonly ids: readonly string[];
}

/** The accepted appends that wait for their sync, by stream. */
export class PendingAppends {
  private readonly streams = new Map<string, PendingStream>();

  lastRevision(streamName: string): number | undefined {
    return this.streams.get(streamName)?.lastRevision;
  }

  has(streamName: string, ids: readonly string[]): boolean {
    const stream = this.streams.get(streamName);
    return stream !== undefined && ids.some((id) => stream.ids.has(id));
  }

  isExclusive(streamName: string): boolean {
    return this.streams.get(streamName)?.exclusive ?? false;
  }

  /** Resolves when what was last accepted for the stream is durable or has failed. */
  async settled(streamName: string): Promise<void> {
    await this.streams.get(streamName)?.latest;
  }

  /** When one of the streams is busy: the end of that. From now on it accepts nothing until it is quiet. */
  busy(streamNames: readonly string[]): Promise<void> | undefined {
    const busy = streamNames.map((name) => this.streams.get(name)).find((stream) => stream !== undefined);
    if (busy !== undefined) busy.exclusive = true;
    return busy?.latest;
  }

  /** Runs the work of a transaction while its claims stand. */
  async during<Result>(claims: readonly Claim[], exclusive: boolean, work: Promise<Result>): Promise<Result> {
    const latest = work.then(
      () => undefined,
      () => undefined,
    );
    const held = claims.map(({ streamName, lastRevision, ids }) => {
      const stream = this.streams.get(streamName) ?? {
        lastRevision,
        transactions: 0,
        ids: new Set<string>(),
        exclusive,
        latest,
      };
      this.streams.set(
        streamName,
        Object.assign(stream, { lastRevision, latest, transactions: stream.transactions + 1 }),
      );
      for (const id of ids) stream.ids.add(id);
      return stream;
    });
    try {
      return await work;
    } finally {
      claims.forEach(({ streamName, ids }, i) => {
        const stream = held[i];
        if (stream === undefined) return;
        stream.transactions--;
        for (const id of ids) stream.ids.delete(id);
        if (stream.transactions === 0 && this.streams.get(streamName) === stream) this.streams.delete(streamName);
      });
    }
  }

  /** Everything that was accepted has failed. */
  clear(): void {
    this.streams.clear();
  }
}
