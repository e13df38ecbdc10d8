import type { DueCommand } from '@alliance/event-bus';
import type { CommandContext, EventLog } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import type { Schedule } from '@alliance/service-host';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MatchingSettings } from './capacity-matching.config';
import { roundsLeftBehind } from './matching-round/round-register.read-model';
import { RoundRunner } from './matching-round/round-runner.http';
import { inputsByLog, logUntilNow, roundReplayCatalogues } from './round-replay';

type CarryOn = DueCommand<'CarryOnRound', Record<string, never>>;
type Query = Parameters<Schedule<CarryOn>['due']>[1];

/**
 * Carries on rounds whose process has died: what they saw is read from the log once more. Whether it has died is not known
 * for sure, and need not be: two that run the same round record it once, or stop it (see `RoundRunner`).
 */
@Injectable()
export class RoundsLeftBehind implements Schedule<CarryOn, MatchingSettings> {
  readonly name = 'rounds-left-behind';
  readonly everyMs = 5_000;

  private readonly log: EventLog;

  constructor(
    private readonly runner: RoundRunner,
    store: EventStore,
  ) {
    this.log = store.log(roundReplayCatalogues);
  }

  async due(tx: EntityManager, { now, after, limit }: Query, { roundGraceMs }: MatchingSettings) {
    const found = await roundsLeftBehind(tx, { now, graceMs: roundGraceMs, afterId: after?.target, limit });
    return found.map((id) => ({ type: 'CarryOnRound' as const, target: id, data: {}, occasion: 'left-behind' }));
  }

  /** Only begins to, so that the clock and a process that ends need not wait for a solver. */
  async execute({ target }: CarryOn, context: CommandContext): Promise<void> {
    this.runner.carryOn(target, (requested, signal) => inputsByLog(logUntilNow(this.log, signal), requested), context);
  }
}
