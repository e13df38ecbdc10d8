import type { CommandHandler } from '@alliance/service-host';
import { isMember } from './membership';
import { organisation } from './organisation/organisation.decider';

type Log = Pick<CommandHandler, 'load'>;

/** Whether the organisation is a member, by the log: a read model may not have heard of its suspension yet. */
export async function isMemberByLog(log: Log, organisationId: string): Promise<boolean> {
  const { state } = await log.load(organisation, organisationId);
  return isMember(state);
}

/** The organisation that this one counts as, by the log: itself or, after merges, the surviving one. */
export async function survivorByLog(log: Log, organisationId: string): Promise<string> {
  const { state } = await log.load(organisation, organisationId);
  return state.stage === 'merged' ? survivorByLog(log, state.merge.into) : organisationId;
}
