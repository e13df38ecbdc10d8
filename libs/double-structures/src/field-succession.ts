/** A field of action that was split, merged or replaced, and what took its place on the day after its last. */
export interface RetiredField {
  readonly key: string;
  /** Its last day, ISO 8601. */
  readonly validTo: string;
  readonly successorKeys: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * How fields of action follow one another: what was recorded under a key belongs to all that took its place. It counts
 * as soon as it is decided, also before its day. The registry lets no field follow itself, so there is no circle.
 */
export class FieldSuccession {
  private readonly retired: ReadonlyMap<string, RetiredField>;

  constructor(retired: readonly RetiredField[]) {
    this.retired = new Map(retired.map((field) => [field.key, field]));
  }

  /** The keys of the fields that these belong to, each once; a key that nothing follows stays. */
  presentKeys(keys: readonly string[]): readonly string[] {
    const present = keys.flatMap((key) => {
      const field = this.retired.get(key);
      return field === undefined ? [key] : this.presentKeys(field.successorKeys);
    });
    return [...new Set(present)];
  }

  /** Every key under which something may be recorded that belongs to a field these belong to. */
  recordedKeys(keys: readonly string[]): readonly string[] {
    const present = new Set(this.presentKeys(keys));
    const before = [...this.retired.keys()].filter((key) => this.presentKeys([key]).some((one) => present.has(one)));
    return [...present, ...before];
  }

  /** In words, each step by which one of the keys came to one of these present fields; empty when it is the same key. */
  stepsTo(present: ReadonlySet<string>, keys: readonly string[]): readonly string[] {
    const steps = keys.flatMap((key) => {
      const field = this.retired.get(key);
      if (field === undefined || !this.presentKeys([key]).some((one) => present.has(one))) return [];
      const since = new Date(Date.parse(field.validTo) + DAY_MS).toISOString().slice(0, 10);
      const step = `${key} went into ${field.successorKeys.join(' and ')} on ${since}`;
      return [step, ...this.stepsTo(present, field.successorKeys)];
    });
    return [...new Set(steps)];
  }
}
