import { dropParked, type ParkedMessage, replayParked } from '@alliance/event-bus';
import { CheckpointWatch, effectViolations } from './expectations';
import { happenedV1, isOfThings, others, things } from './happening';
import type { Ports, Sabotage } from './ports';
import { readAtEnd } from './reader';
import { ECHO, LEDGER, ledgerHandlers, PROJECTOR, REACTOR, RELAY, type Role, roles } from './service';
import { SimulatedBus } from './simulated-bus';
import { PARKED, simulatedInbox, simulatedParking } from './simulated-consumer-tables';
import { SimulatedDatabase } from './simulated-database';
import { SimulatedLease } from './simulated-lease';
import { SimulatedLog } from './simulated-log';
import { SimulatedProcess } from './simulated-process';
import { World } from './world';

const EVENTS = 32;
const STREAMS = 6;
const READS = 4;
const APPENDING_MS = 6_000;
/** Longer than the longest pauses of all who retry. */
const SETTLING_MS = 300_000;

/** One history of a service, its bus and its consumers. The seed gives it, the same each time. */
export class Simulation {
  readonly log = new SimulatedLog();
  readonly bus: SimulatedBus;
  readonly database = new SimulatedDatabase();
  /** What was carried out, with the ids of the commands; an id that comes again is recognised and changes nothing. */
  readonly commands = new Map<string, Set<string>>();
  private readonly world: World;
  private readonly lease = new SimulatedLease();
  private toAppend = 0;
  private readonly violations = new Set<string>();

  constructor(
    seed: number,
    private readonly sabotage: Sabotage = (ports) => ports,
  ) {
    this.world = new World(seed);
    this.bus = new SimulatedBus(this.world);
    const watch = new CheckpointWatch(this);
    this.database.onCommit = () => this.note(watch.violations());
  }

  /**
   * All run, crash and are started again while events are appended; then the world calms down and all settles; then
   * the handler is mended and what is parked is replayed, while more events come. Says what was wrong.
   */
  async run(): Promise<readonly string[]> {
    const { world } = this;
    for (const role of roles) this.start(role);
    this.appendSoon(EVENTS);
    for (let number = 0; number < READS; number += 1)
      world.later(world.between(0, APPENDING_MS), () => void this.read());
    if (world.chance(0.5)) world.later(world.between(0, APPENDING_MS), () => this.putGarbage());
    await world.passUntil(() => world.nowMs > APPENDING_MS, APPENDING_MS * 2);
    world.calm = true;
    await this.settle();
    this.database.set('mended', true);
    this.appendSoon(EVENTS / 4);
    await this.awaited('The operator', this.replayAll());
    await this.settle();
    return [...this.violations];
  }

  /** How long the history took, in its own time. */
  get elapsedMs(): number {
    return this.world.nowMs;
  }

  /** Starts a process of the role, and another one whenever it has crashed or has been stopped. */
  private start(role: Role): void {
    const { world } = this;
    const process = new SimulatedProcess(world);
    const startAgain = () => world.later(world.between(1, 1_000), () => this.start(role));
    process.onDeath(startAgain);
    const stopping = new AbortController();
    if (world.mishap(0.3)) world.later(world.between(1, 2_000), () => stopping.abort('The process is stopped.'));
    role(this.portsOf(process), stopping.signal).then(
      () => process.crash(),
      (error: unknown) => this.note([`A process ended with ${String(error)}`]),
    );
  }

  private portsOf(process: SimulatedProcess): Ports {
    const ports: Ports = {
      process,
      log: this.log.seenBy(process),
      bus: this.bus.seenBy(process),
      rows: this.database.seenBy(process),
      inbox: simulatedInbox,
      parking: simulatedParking,
      lease: this.lease.seenBy(process),
      clock: process.clock,
      execute: ({ type }, { causationId, commandId }) =>
        process.effect(() => {
          const what = `${type} ${causationId}`;
          this.commands.set(what, new Set([...(this.commands.get(what) ?? []), commandId]));
        }),
    };
    return this.sabotage(ports);
  }

  private appendSoon(events: number): void {
    this.toAppend += events;
    for (let number = 0; number < events; number += 1) {
      this.world.later(this.world.between(0, APPENDING_MS), () => this.append());
    }
  }

  /** A query of another process, which waits for the present end of the log. */
  private async read(timeoutMs = 5_000): Promise<boolean> {
    const { isReached, missing } = await readAtEnd(this.portsOf(new SimulatedProcess(this.world)), this, timeoutMs);
    this.note(missing.map((event) => `A reader was told that the rows are complete, but they lack ${event}.`));
    return isReached;
  }

  private append(): void {
    const { world, log } = this;
    this.toAppend -= 1;
    const eventId = `00000000-0000-4000-8000-${String(log.events.length).padStart(12, '0')}`;
    log.append({
      streamName: (world.chance(0.7) ? things : others).streamName(String(world.between(1, STREAMS))),
      type: world.chance(0.8) ? 'Happened' : 'Noted',
      data: { broken: world.chance(0.04) },
      metadata: {
        eventId,
        commandId: eventId,
        correlationId: eventId,
        causationId: eventId,
        actor: { subject: 'simulation', roles: [] },
        occurredAt: new Date(Date.UTC(2026, 0, 1) + world.nowMs).toISOString(),
        schemaVersion: 1,
      },
    });
  }

  private putGarbage(): void {
    this.bus.put([{ topic: happenedV1.topic, key: 'garbage', headers: {}, value: Buffer.from('garbage') }]);
  }

  /** Waits until everyone has come to the end of the log and of the topic, and then for what should not happen. */
  private async settle(): Promise<void> {
    const { world } = this;
    if (!(await world.passUntil(() => this.isSettled(), SETTLING_MS))) this.note(['It did not settle.']);
    await world.passUntil(() => false, 2_000);
    this.note(effectViolations(this));
    await this.awaited('The reader', this.expectToReadAtOnce());
  }

  private async expectToReadAtOnce(): Promise<void> {
    if (!(await this.read(2_000))) this.note(['A reader waits though the rows are complete.']);
  }

  private isSettled(): boolean {
    const last = this.log.events.findLast(isOfThings)?.position.commit ?? 0n;
    return (
      this.toAppend === 0 &&
      [RELAY, REACTOR, PROJECTOR].every((follower) => (this.database.checkpoint(follower)?.commit ?? 0n) >= last) &&
      [LEDGER, ECHO].every((group) => this.bus.isHandled(group, happenedV1.topic))
    );
  }

  /** Replays every parked key, and drops what is garbage, as an operator would. */
  private async replayAll(): Promise<void> {
    const access = this.portsOf(new SimulatedProcess(this.world));
    const operator = { by: 'operator', why: 'The handler has been mended.' };
    for (const parked of this.database.list<ParkedMessage>(PARKED)) {
      if (parked.key === 'garbage') await dropParked(access, parked, operator);
      else await replayParked({ ...access, handled: ledgerHandlers }, parked, operator);
    }
  }

  private async awaited(who: string, work: Promise<void>): Promise<void> {
    let isDone = false;
    const done = work.then(() => (isDone = true));
    await this.world.passUntil(() => isDone, SETTLING_MS);
    if (!isDone) this.note([`${who} did not come to an end.`]);
    else await done;
  }

  private note(violations: readonly string[]): void {
    for (const violation of violations) this.violations.add(violation);
  }
}
