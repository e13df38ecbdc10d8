import type { OrganisationState } from './organisation/organisation-state';

/** Whether the organisation is admitted and not suspended; a merge that is under way changes nothing yet. */
export function isMember(state: OrganisationState): boolean {
  return state.stage === 'merging' ? isMember(state.merge.before) : state.stage === 'admitted';
}
