import type { DueCommand } from '@alliance/event-bus';
import type { Schedule } from '@alliance/service-host';
import type { MatchingSettings } from '../capacity-matching.config';
import { offer } from './offer.decider';
import { offersToPause } from './offer-register.read-model';

type Pause = DueCommand<'PauseStaleOffer', { readonly assurances: number }>;

const DAY_MS = 86_400_000;

/** Pauses offers that nobody has assured for long; whoever assures one opens it again. None is ever deleted. */
export const offerFreshness: Schedule<Pause, MatchingSettings> = {
  name: 'offer-freshness',
  everyMs: 60_000,
  async due(tx, { now, after, limit }, { offerPauseDays }) {
    const assuredBefore = new Date(now.getTime() - offerPauseDays * DAY_MS);
    const found = await offersToPause(tx, { assuredBefore, afterId: after?.target, limit });
    return found.map(({ id, assurances }) => ({
      ...{ type: 'PauseStaleOffer', target: id, data: { assurances }, occasion: `assurance ${assurances}` },
    }));
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(offer, target, { type, data, context });
  },
};
