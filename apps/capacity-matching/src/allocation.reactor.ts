import { type CommandContext, isRefusal } from '@alliance/event-sourcing';
import { deriveId, TooMuchContention } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { allocation, type AllocationCommand, type AllocationState, isAgreed } from './allocation/allocation.decider';
import { allocationEvents } from './allocation/allocation.events';
import { type SettleWithOffer, settleWithOffer } from './allocation.policy';
import { offer, type OfferCommand } from './offer/offer.decider';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

/** Takes minutes of offers for allocations, and gives them back: what requests began, and a crash may have broken off. */
export const allocationReactor: Reactor<SettleWithOffer> = {
  name: 'allocation',
  catalogues: [allocationEvents],
  policy: settleWithOffer,
  async execute({ type, target, data }, context, commands) {
    if (type === 'SettleAllocation') return settleAllocation(commands, target, context);
    const { state } = await commands.load(allocation, target);
    if (state.stage === 'none') throw new Error(`There is no allocation ${target} to release anything for.`);
    const command = { type, data: { ...data, allocationId: target }, context } as const;
    const decided = await commands.decide(offer, state.offerId, command);
    // Of an offer that there never was, nothing was held.
    if (isRefusal(decided) && decided.code !== 'OFFER_UNKNOWN') throw new StepRefused(type, target, decided.code);
  },
};

/**
 * The same in the request that proposed or accepted, so that its answer can say what became of it. Where that cannot be
 * said now, what was asked for stands all the same, and the reactor goes on.
 */
export async function settleAllocationNow(
  commands: Commands,
  allocationId: string,
  context: CommandContext,
): Promise<void> {
  try {
    await settleAllocation(commands, allocationId, { ...context, causationId: context.commandId });
  } catch (error) {
    if (!(error instanceof TooMuchContention || error instanceof StepRefused)) throw error;
  }
}

/** Offer and allocation tell of each other differently, at least for the moment: the step has to be tried again. */
class StepRefused extends Error {
  override readonly name = 'StepRefused';

  constructor(step: string, allocationId: string, code: string) {
    super(`${step} for the allocation ${allocationId} was refused: ${code}.`);
  }
}

/**
 * Carries an allocation as far as it can go without people: the offer holds its minutes, or declines to; once both sides
 * have accepted, the offer confirms them and the allocation starts. It may run several times, also at the same time, after
 * a crash or beside a request: each command's id follows from the allocation.
 */
async function settleAllocation(commands: Commands, allocationId: string, cause: CommandContext): Promise<void> {
  const { state } = await commands.load(allocation, allocationId);
  if (state.stage !== 'proposed') return;
  const { offerId } = state;
  if (!state.isSecured) {
    await onAllocation(commands, allocationId, await secure(commands, allocationId, state, cause), cause);
  } else if (isAgreed(state)) {
    const confirm = { type: 'ConfirmHold', data: { allocationId } } as const;
    const confirmed = await onOffer(commands, offerId, allocationId, confirm, cause);
    // It expired before the second side had accepted, as the offer's stream tells it, and others have the minutes.
    const step: AllocationStep = confirmed
      ? { type: 'StartAllocation', data: {} }
      : { type: 'FailAllocation', data: { reasonCode: 'hold-lost' } };
    await onAllocation(commands, allocationId, step, cause);
  }
}

/** Asks the offer for the minutes; what follows from its answer. */
async function secure(
  commands: Commands,
  allocationId: string,
  { offerId, needId, weeks, expiresAt }: Extract<AllocationState, { stage: 'proposed' }>,
  cause: CommandContext,
): Promise<AllocationStep> {
  const hold = { type: 'HoldCapacity', data: { allocationId, needId, weeks, expiresAt } } as const;
  if (!(await onOffer(commands, offerId, allocationId, hold, cause))) {
    return { type: 'FailAllocation', data: { reasonCode: 'offer-unknown' } };
  }
  const { state: now } = await commands.load(offer, offerId);
  const held = now.stage === 'none' ? undefined : now.holds.get(allocationId);
  return held?.status === 'held' || held?.status === 'confirmed'
    ? { type: 'SecureCapacity', data: {} }
    : { type: 'FailAllocation', data: { reasonCode: held?.declinedFor ?? 'hold-lost' } };
}

/** The commands of the process, without context. */
type StepOf<Cmd> = Cmd extends unknown ? Pick<Cmd, Extract<keyof Cmd, 'type' | 'data'>> : never;
type OfferStep = StepOf<Extract<OfferCommand, { type: 'HoldCapacity' | 'ConfirmHold' }>>;
type AllocationStep = StepOf<
  Extract<AllocationCommand, { type: 'SecureCapacity' | 'FailAllocation' | 'StartAllocation' }>
>;

/** False where the offer has nothing to hold or to confirm: there is none, or what was held is with others. */
async function onOffer(
  commands: Commands,
  offerId: string,
  allocationId: string,
  step: OfferStep,
  cause: CommandContext,
): Promise<boolean> {
  const context = following(cause, allocationId, step.type);
  const decided = await commands.decide(offer, offerId, { ...step, context });
  return !isRefusal(decided);
}

async function onAllocation(
  commands: Commands,
  allocationId: string,
  step: AllocationStep,
  cause: CommandContext,
): Promise<void> {
  const context = following(cause, allocationId, step.type);
  const decided = await commands.decide(allocation, allocationId, { ...step, context });
  if (isRefusal(decided)) throw new StepRefused(step.type, allocationId, decided.code);
}

/** The same whoever runs the step: the request, of whose words it knows nothing, or the reactor. */
function following({ commandDigest: _, ...cause }: CommandContext, allocationId: string, step: string): CommandContext {
  return { ...cause, commandId: deriveId(allocationId, step) };
}
