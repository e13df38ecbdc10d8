import { berlinDayOf } from '@alliance/calendar';
import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import { need } from './need.decider';
import { pastNeeds } from './need-register.read-model';

type Close = DueCommand<'CloseNeed', { readonly reasonCode: 'past' }>;

/** Closes needs after their last day in Berlin. */
export const pastNeedsSchedule: Schedule<Close> = {
  name: 'past-needs',
  everyMs: 60_000,
  async due(tx, { now, after, limit }) {
    const today = berlinDayOf(now.toISOString());
    const found = await pastNeeds(tx, { today, afterId: after?.target, limit });
    return found.map((id) => ({ type: 'CloseNeed', target: id, data: { reasonCode: 'past' }, occasion: 'past' }));
  },
  async execute({ type, target, data }, context, commands) {
    // The read model may not know yet that it was revised to last longer.
    const { state } = await commands.load(need, target);
    if (state.stage !== 'open' || state.facts.until >= berlinDayOf(context.at)) return;
    await commands.decide(need, target, { type, data, context });
  },
};
