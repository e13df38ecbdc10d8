import { TOMBSTONE_REVISION, type EventView } from './event-codec';
import { DELETED, parseStreamSettings, streamDescribedBy, type StreamSettings } from './stream-settings';

/** One stream. Its events are numbers in the order of the whole log (sequence numbers), by revision. */
export interface IndexedStream {
  readonly number: number;
  readonly name: string;
  readonly sequence: number[];
  settings: StreamSettings;
  tombstoned: boolean;
}

const INITIAL_EVENTS = 1024;

/**
 * Where every event lies and to which stream and type it belongs: 16 bytes an event, and per stream a list of its
 * events. It holds no event bodies and is built anew from the file at each start.
 */
export class LogIndex {
  /** How many events the log has; sequence numbers run from 0 to here. */
  count = 0;
  private positions = new Float64Array(INITIAL_EVENTS);
  private streamNumbers = new Uint32Array(INITIAL_EVENTS);
  private typeNumbers = new Uint32Array(INITIAL_EVENTS);
  private readonly streams: IndexedStream[] = [];
  private readonly streamsByName = new Map<string, IndexedStream>();
  private readonly types: string[] = [];
  private readonly typesByName = new Map<string, number>();

  add(event: EventView, position: number): void {
    if (this.count === this.positions.length) this.grow();
    const stream = this.streamsByName.get(event.streamName) ?? this.addStream(event.streamName);
    this.positions[this.count] = position;
    this.streamNumbers[this.count] = stream.number;
    this.typeNumbers[this.count] = this.numberOfType(event.type);
    if (event.revision === TOMBSTONE_REVISION) stream.tombstoned = true;
    else stream.sequence.push(this.count);
    this.count++;
    const described = streamDescribedBy(event.streamName);
    if (described === undefined) return;
    (this.streamsByName.get(described) ?? this.addStream(described)).settings = parseStreamSettings(event.text);
  }

  stream(name: string): IndexedStream | undefined {
    return this.streamsByName.get(name);
  }

  /** Last revision of the stream, deleted or not; -1 when nothing was ever appended to it. */
  lastRevision(name: string): number {
    return (this.stream(name)?.sequence.length ?? 0) - 1;
  }

  isSoftDeleted(name: string): boolean {
    return this.stream(name)?.settings.truncateBefore === DELETED;
  }

  position(sequence: number): number {
    return at(this.positions, sequence);
  }

  streamNumber(sequence: number): number {
    return at(this.streamNumbers, sequence);
  }

  typeNumber(sequence: number): number {
    return at(this.typeNumbers, sequence);
  }

  streamName(streamNumber: number): string {
    return this.streams[streamNumber]?.name ?? '';
  }

  typeName(typeNumber: number): string {
    return this.types[typeNumber] ?? '';
  }

  /** The first event at or after a place in the log; `count` when there is none. */
  sequenceAtOrAfter(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.position(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private addStream(name: string): IndexedStream {
    const settings = streamDescribedBy(name) === undefined ? {} : { maxCount: 1 };
    const stream = { number: this.streams.length, name, sequence: [], settings, tombstoned: false };
    this.streams.push(stream);
    this.streamsByName.set(name, stream);
    return stream;
  }

  private numberOfType(name: string): number {
    const known = this.typesByName.get(name);
    if (known !== undefined) return known;
    this.typesByName.set(name, this.types.length);
    return this.types.push(name) - 1;
  }

  private grow(): void {
    const length = this.positions.length * 2;
    const [positions, streamNumbers, typeNumbers] = [this.positions, this.streamNumbers, this.typeNumbers];
    (this.positions = new Float64Array(length)).set(positions);
    (this.streamNumbers = new Uint32Array(length)).set(streamNumbers);
    (this.typeNumbers = new Uint32Array(length)).set(typeNumbers);
  }
}

function at(numbers: Float64Array | Uint32Array, place: number): number {
  const value = numbers[place];
  if (value === undefined) throw new RangeError(`the log has no event ${place}`);
  return value;
}
