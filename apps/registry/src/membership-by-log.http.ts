import type { CommandHandler } from '@alliance/service-host';
import { organisation } from '../organisation/organisation.decider';

/** The organisation that this one counts as, by the log: itself or, after merges, the surviving one. */
export async function survivorByLog(log: Pick<CommandHandler, 'load'>, organisationId: string): Promise<string> {
  const { state } = await log.load(organisation, organisationId);
  return state.stage === 'merged' ? survivorByLog(log, state.merge.into) : organisationId;
}
