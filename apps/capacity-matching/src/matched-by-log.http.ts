import { refuse } from '@alliance/event-sourcing';
import { type CommandHandler, RefusedError } from '@alliance/service-host';
import type { Needed, Offered } from './feasibility';
import { need } from './need/need.decider';
import { offer } from './offer/offer.decider';

/** What is to be matched is asked of the log, which cannot lag behind a revision. */
type Log = Pick<CommandHandler, 'load'>;

/** Throws 404 where there is no such offer, and 409 where it was withdrawn. */
export async function offerByLog(log: Log, offerId: string): Promise<Offered> {
  const { state } = await log.load(offer, offerId);
  if (state.stage === 'none') {
    throw new RefusedError(refuse('not-found', 'OFFER_UNKNOWN', 'There is no offer with this id.'));
  }
  if (state.stage === 'withdrawn') {
    throw new RefusedError(refuse('conflict', 'OFFER_WITHDRAWN', 'The offer was withdrawn, which is for good.'));
  }
  return state;
}

/** Throws 404 where there is no such need, and 409 where it was closed. */
export async function needByLog(log: Log, needId: string): Promise<Needed> {
  const { state } = await log.load(need, needId);
  if (state.stage === 'none') {
    throw new RefusedError(refuse('not-found', 'NEED_UNKNOWN', 'There is no need with this id.'));
  }
  if (state.stage === 'closed') {
    throw new RefusedError(refuse('conflict', 'NEED_CLOSED', 'The need was closed, which is for good.'));
  }
  return state;
}
