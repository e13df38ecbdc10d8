import type { ParkedMessage } from '@alliance/event-bus';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { isBroken, isOfThings, isPublished } from './happening';
import { historyOf, ledgerOf, PROJECTOR, REACTOR, RELAY } from './service';
import { PARKED } from './simulated-consumer-tables';
import type { SimulatedBus } from './simulated-bus';
import type { SimulatedDatabase } from './simulated-database';
import type { SimulatedLog } from './simulated-log';

/** What there is to see of a simulation. */
interface Observed {
  readonly log: SimulatedLog;
  readonly bus: SimulatedBus;
  readonly database: SimulatedDatabase;
  /** What was carried out, with the ids of the commands. */
  readonly commands: ReadonlyMap<string, ReadonlySet<string>>;
}

/** No checkpoint is ahead of what it stands for. To be asked after each commit. */
export class CheckpointWatch {
  private readonly sound = new Map<string, number>();

  constructor(private readonly simulation: Observed) {}

  violations(): string[] {
    const { bus, database, commands } = this.simulation;
    return [
      ...this.ahead(RELAY, 'published', (event) => !isPublished(event) || bus.holds(event.metadata.eventId)),
      ...this.ahead(REACTOR, 'answered', ({ metadata }) => commands.has(`Answer ${metadata.eventId}`)),
      ...this.ahead(PROJECTOR, 'projected', ({ streamName, revision }) =>
        database.list(historyOf(streamName)).includes(revision),
      ),
    ];
  }

  private ahead(follower: string, what: string, isDone: (event: RecordedEvent) => boolean): string[] {
    const { log, database } = this.simulation;
    const covered = log.countUntil(database.checkpoint(follower));
    // What has been done once stays done, so only what is newly covered is looked at.
    const missing = log.events
      .slice(this.sound.get(follower) ?? 0, covered)
      .find((event) => isOfThings(event) && !isDone(event));
    if (missing !== undefined) return [`The checkpoint "${follower}" covers ${nameOf(missing)}, which is not ${what}.`];
    this.sound.set(follower, Math.max(covered, this.sound.get(follower) ?? 0));
    return [];
  }
}

/**
 * Each event took effect once and in the order of its stream, up to the first one that its handler could not handle;
 * that and all later ones of the stream are parked, in order. To be true when all has settled.
 */
export function effectViolations({ log, database, commands }: Observed): string[] {
  const violations: string[] = [];
  const expectSame = (what: string, actual: readonly unknown[], expected: readonly unknown[]): void => {
    if (actual.join() !== expected.join()) violations.push(`${what}: ${actual.join()} in place of ${expected.join()}.`);
  };
  const mended = database.get('mended') === true;
  const parked = database.list<ParkedMessage>(PARKED);
  const happened = log.events.filter(isOfThings);
  for (const [streamName, events] of streamsOf(happened)) {
    const all = events.map(({ revision }) => revision);
    const published = events.filter(isPublished);
    const firstBroken = mended ? -1 : published.findIndex(isBroken);
    const handled = firstBroken === -1 ? published : published.slice(0, firstBroken);
    const waiting = published.slice(handled.length);
    expectSame(`History of ${streamName}`, database.list(historyOf(streamName)), all);
    expectSame(`Ledger of ${streamName}`, database.list(ledgerOf(streamName)), revisionsOf(handled));
    const parkedHere = parked.filter(({ key }) => key === streamName);
    const revisions = parkedHere.map(({ message }) => BigInt(message.headers['ce_streamrevision'] ?? -1));
    expectSame(`Parked of ${streamName}`, firstOccurrences(revisions), revisionsOf(waiting));
  }
  for (const event of happened) {
    const { eventId } = event.metadata;
    for (const command of [`Answer ${eventId}`, ...(isPublished(event) ? [`Echo ${eventId}`] : [])]) {
      const times = commands.get(command)?.size ?? 0;
      if (times !== 1) violations.push(`The command "${command}" was carried out ${times} times.`);
    }
  }
  return violations;
}

function streamsOf(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) streams.set(event.streamName, [...(streams.get(event.streamName) ?? []), event]);
  return streams;
}

function revisionsOf(events: readonly RecordedEvent[]): readonly bigint[] {
  return events.map(({ revision }) => revision);
}

/** What the relay published twice may be parked twice; it is handled once all the same. */
function firstOccurrences(revisions: readonly bigint[]): readonly bigint[] {
  return [...new Set(revisions)];
}

function nameOf({ streamName, revision }: RecordedEvent): string {
  return `${streamName}@${revision}`;
}
