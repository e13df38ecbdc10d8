import type { CommandContext } from '@alliance/event-sourcing';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { carryOn, claimRegistrations, settleRegistrations, type Settled } from './admission.reactor';
import { settleMergeAfter, type SettleMerge } from './merge.policy';
import { organisation } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import type { OrganisationState } from './organisation-state';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;
type Merging = Extract<OrganisationState, { stage: 'merging' }>;

/** Finishes what a crash or a slow request left behind. */
export const mergeReactor: Reactor<SettleMerge> = {
  name: 'merge',
  catalogues: [organisationEvents],
  policy: settleMergeAfter,
  execute: async ({ target }, context, commands) => {
    await settleMerge(commands, target, context);
  },
};

/**
 * Carries a merge to its end, or an organisation back whose merge was undone; `organisationId` is the one that goes. It
 * may run several times, also at the same time, after a crash or beside a request: the surviving organisation's stream
 * alone says whether it has absorbed the other, each command's id follows from the attempt, and so every run does the
 * same. At the end the registrations are in line too.
 */
export async function settleMerge(commands: Commands, organisationId: string, cause: CommandContext): Promise<Settled> {
  let { state } = await commands.load(organisation, organisationId);
  if (state.stage === 'merging') {
    await endMerge(commands, state, cause);
    ({ state } = await commands.load(organisation, organisationId));
  }
  if (state.stage === 'merged') {
    const { attempts: attempt, merge } = state;
    const { state: survivor } = await commands.load(organisation, merge.into);
    const absorbed = survivor.stage === 'none' ? [] : survivor.absorbed;
    if (!absorbed.some((one) => one.organisationId === organisationId && one.attempt === attempt)) {
      await carryOn(commands, organisationId, { type: 'RestoreOrganisation', data: { attempt } }, cause);
    }
  }
  return settleRegistrations(commands, organisationId, cause);
}

async function endMerge(commands: Commands, state: Merging, cause: CommandContext): Promise<void> {
  const { organisationId, attempts: attempt, facts, merge } = state;
  const { into, factsFrom } = merge;
  // What the surviving organisation holds itself need not be claimed for it.
  const taken = await claimRegistrations(commands, state, cause, into);
  const absorb = { organisationId, attempt, facts, factsFrom, ...(taken && { taken }) };
  const [answer] = await carryOn(commands, into, { type: 'AbsorbOrganisation', data: absorb }, cause, organisationId);
  if (answer?.type === 'AbsorptionDeclined') {
    const { code, detail } = answer.data;
    await carryOn(commands, organisationId, { type: 'BlockMerge', data: { attempt, code, detail } }, cause);
  } else {
    await carryOn(commands, organisationId, { type: 'CompleteMerge', data: { attempt } }, cause);
  }
}
