import { dayOf } from '@alliance/calendar';
import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import type { RegistrySettings } from '../registry.config';
import { contact } from './contact.decider';
import type { Retention } from './contact.events';
import { contactsPastRetention } from './contact-list.read-model';

type EndedRetention = DueCommand<'EndRetention', Retention>;

/**
 * Decides to erase the contacts of organisations that have been gone for long; the reactor `erasure` carries it out, as
 * after every such decision. A read model that lags can only make it late, since who is gone never comes back: neither
 * by reinstatement (of who is suspended only) nor by the undo of a merge (into a member only).
 */
export const retentionSchedule: Schedule<EndedRetention, RegistrySettings> = {
  name: 'contact-retention',
  everyMs: 3_600_000,
  async due(tx, { now, after, limit }, { contactRetentionDays: days }) {
    const day = dayOf(now.toISOString());
    const kept = await contactsPastRetention(tx, { day, days, afterId: after?.target, limit });
    return kept.map(({ id, countedFrom }) => {
      const data = { countedFrom: countedFrom.toISOString(), days };
      return { type: 'EndRetention', target: id, data, occasion: data.countedFrom };
    });
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(contact, target, { type, data, context });
  },
};
