import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import { matchingRound } from './matching-round.decider';
import { roundsLeftBehind } from './round-register.read-model';

type Stop = DueCommand<'StopRound', { readonly reasonCode: 'left-behind' }>;

/** Beyond the time limit of its solver, for reading, scoring, explaining and recording. */
const GRACE_MS = 600_000;

/** Stops rounds whose process has died. Nothing is lost by it: they had no result, and who wants one requests another. */
export const roundsLeftBehindSchedule: Schedule<Stop> = {
  name: 'rounds-left-behind',
  everyMs: 60_000,
  async due(tx, { now, after, limit }) {
    const found = await roundsLeftBehind(tx, { now, graceMs: GRACE_MS, afterId: after?.target, limit });
    return found.map((id) => ({
      ...{ type: 'StopRound', target: id, occasion: 'left-behind' },
      data: { reasonCode: 'left-behind' },
    }));
  },
  async execute({ type, target, data }, context, commands) {
    // A result that came meanwhile stands: the refusal is the answer.
    await commands.decide(matchingRound, target, { type, data, context });
  },
};
