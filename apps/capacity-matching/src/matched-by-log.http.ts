import { isRefusal, type Refusal, refuse } from '@alliance/event-sourcing';
import { type CommandHandler, RefusedError } from '@alliance/service-host';
import type { Needed, Offered } from './feasibility';
import { need } from './need/need.decider';
import { offer } from './offer/offer.decider';

/** What is to be matched is asked of the log, which cannot lag behind a revision. */
type Log = Pick<CommandHandler, 'load'>;

/** Refused where there is no such offer, or it was withdrawn. */
export async function offerIfOpen(log: Log, offerId: string): Promise<Offered | Refusal> {
  const { state } = await log.load(offer, offerId);
  if (state.stage === 'none') return refuse('not-found', 'OFFER_UNKNOWN', 'There is no offer with this id.');
  if (state.stage !== 'withdrawn') return state;
  return refuse('conflict', 'OFFER_WITHDRAWN', 'The offer was withdrawn, which is for good.');
}

/** Refused where there is no such need, or it was closed. */
export async function needIfOpen(log: Log, needId: string): Promise<Needed | Refusal> {
  const { state } = await log.load(need, needId);
  if (state.stage === 'none') return refuse('not-found', 'NEED_UNKNOWN', 'There is no need with this id.');
  if (state.stage !== 'closed') return state;
  return refuse('conflict', 'NEED_CLOSED', 'The need was closed, which is for good.');
}

/** Throws 404 where there is no such offer, and 409 where it was withdrawn. */
export async function offerByLog(log: Log, offerId: string): Promise<Offered> {
  return demand(await offerIfOpen(log, offerId));
}

/** Throws 404 where there is no such need, and 409 where it was closed. */
export async function needByLog(log: Log, needId: string): Promise<Needed> {
  return demand(await needIfOpen(log, needId));
}

function demand<Found extends object>(found: Found | Refusal): Found {
  if (isRefusal(found)) throw new RefusedError(found);
  return found;
}
