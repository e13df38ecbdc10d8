import { dayOf } from '@alliance/calendar';
import type { DueCommand } from '@alliance/event-bus';
import { isRefusal } from '@alliance/event-sourcing';
import type { Reactor, Schedule } from '@alliance/service-host';
import { organisationEvents } from '../organisation/organisation.events';
import type { RegistrySettings } from '../registry.config';
import { structureEvents } from '../structure/structure.events';
import { assurance, type AssuranceCommand } from './assurance.decider';
import { factsToKeepAfter, type FactsToKeep } from './assurance.policy';
import { agedFacts } from './assured-facts.read-model';

/** Keeps the facts of what is recorded in the registry, from the recording on. */
export const assuranceReactor: Reactor<FactsToKeep> = {
  name: 'assurance',
  catalogues: [organisationEvents, structureEvents],
  policy: factsToKeepAfter,
  async execute(wanted, context, commands) {
    const command = { type: wanted.type, data: wanted.data, context } as AssuranceCommand;
    const decided = await commands.decide(assurance, wanted.target, command);
    if (isRefusal(decided)) throw new Error(`${wanted.type} was refused: ${decided.code}.`);
  },
};

type Ripe = Extract<AssuranceCommand, { type: 'RemindOfFact' | 'MarkFactStale' }>;
type RipeFact = DueCommand<Ripe['type'], Ripe['data']>;

/** Reminds of facts that have aged, and marks those stale that nobody has assured since. */
export const freshnessSchedule: Schedule<RipeFact, RegistrySettings> = {
  name: 'freshness',
  everyMs: 60_000,
  async due(tx, { now, after, limit }, settings) {
    const rules = settings.ageingRules();
    const afterId = after === undefined ? '' : `${after.target}.${after.data.kind}`;
    const aged = await agedFacts(tx, { day: dayOf(now.toISOString()), rules, afterId, limit });
    return aged.map(({ recordId, kind, remindedAt, ...fact }) => {
      const assuredAt = fact.assuredAt.toISOString();
      return {
        type: remindedAt === null ? 'RemindOfFact' : 'MarkFactStale',
        target: recordId,
        data: { kind, assuredAt, ageing: rules[kind] },
        // Once for each assurance.
        occasion: `${kind} ${assuredAt}`,
      };
    });
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(assurance, target, { type, data, context });
  },
};
