import { type CommandContext, isRefusal } from '@alliance/event-sourcing';
import { type Accepted, deriveId, TooMuchContention } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import type { EntityManager } from 'typeorm';
import { type SettleWithPot, settleWithPot } from './award.policy';
import { grantDecision } from './grant/decision.decider';
import type { BlockAward, CompleteAward } from './grant/decision-commands';
import type { Awarding } from './grant/decision-state';
import { type GrantEvent, grantEvents } from './grant/grant.events';
import { grantByLog, interestedIn, recipientNow } from './grant-by-log.http';
import { pot, type PotCommand } from './pot/pot.decider';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

/** Finishes awards that a crash, a slow request or too many others broke off, and gives back to the pot what is due to it. */
export const awardReactor: Reactor<SettleWithPot> = {
  name: 'award',
  catalogues: [grantEvents],
  policy: settleWithPot,
  async execute({ type, target, data }, context, commands, { manager }) {
    if (type === 'SettleAward') return settleAward(commands, manager, target, context, data.attempt);
    const { potId } = await grantByLog(commands, target);
    const step = { type, data: { ...data, grantId: target } } as PotStep;
    await onPot(commands, potId, step, context);
  },
};

/**
 * The same in the request that gave the last approval, so that it can say how the award ended. Where it cannot be ended
 * now, the approval stands all the same, and the reactor goes on.
 */
export async function settleAwardNow(
  commands: Commands,
  tx: EntityManager,
  grantId: string,
  context: CommandContext,
): Promise<void> {
  try {
    await settleAward(commands, tx, grantId, { ...context, causationId: context.commandId });
  } catch (error) {
    if (!(error instanceof TooMuchContention || error instanceof StepRefused)) throw error;
  }
}

/** Pot and grant tell of the award differently, at least for the moment: the step has to be tried again. */
class StepRefused extends Error {
  override readonly name = 'StepRefused';

  constructor(step: string, grantId: string, code: string) {
    super(`${step} of grant ${grantId} was refused: ${code}.`);
  }
}

/**
 * Carries an award that has been decided to its end: the pot sets the amount aside, or declines to; then the grant's
 * stream says how it ends, after it has asked once more for conflicts and for the recipient; then the pot commits the
 * amount, or has it back. It may run several times, also at the same time, after a crash or beside a request: each command's
 * id follows from the grant and the attempt. Throws where a step is refused or a stream has too many writers; whoever runs
 * it comes again.
 */
async function settleAward(
  commands: Commands,
  tx: EntityManager,
  grantId: string,
  cause: CommandContext,
  ofAttempt?: number,
): Promise<void> {
  const { state } = await commands.load(grantDecision, grantId);
  if (state.stage !== 'awarding') return;
  // A later attempt may have been decided before the pot has its money of this one back: each comes at its own event.
  if (ofAttempt !== undefined && ofAttempt < state.attempts) return;
  const { attempts: attempt, potId } = state;
  const isReserved = await reserve(commands, grantId, state, cause);
  const ended = isReserved
    ? await onGrant(
        commands,
        grantId,
        { type: 'CompleteAward', data: { attempt, ...(await facts(commands, tx, state)) } },
        cause,
      )
    : await onGrant(commands, grantId, { type: 'BlockAward', data: { attempt, ...insufficient } }, cause);
  for (const { type } of ended.events) {
    if (type === 'GrantAwarded')
      await onPot(commands, potId, { type: 'ConfirmAward', data: { grantId, attempt } }, cause);
    if (type === 'AwardBlocked' && isReserved) {
      const data = { grantId, attempt, reasonCode: 'award-blocked' };
      await onPot(commands, potId, { type: 'ReleaseReservation', data }, cause);
    }
  }
}

const insufficient = {
  code: 'POT_INSUFFICIENT',
  detail: 'What is free in the pot, and given for the fields and regions of the grant, does not suffice.',
};

/** Whether the pot holds the amount of this attempt for the grant. */
async function reserve(commands: Commands, grantId: string, state: Awarding, cause: CommandContext): Promise<boolean> {
  const { attempts: attempt, potId, award, submission } = state;
  const { fieldKeys, regionKeys } = submission.application;
  const data = { grantId, attempt, amount: award.amount, fieldKeys, regionKeys };
  await onPot(commands, potId, { type: 'ReserveAmount', data }, cause);
  const { state: now } = await commands.load(pot, potId);
  const hold = now.stage === 'open' ? now.holds.get(grantId) : undefined;
  return hold?.attempt === attempt && (hold.status === 'reserved' || hold.status === 'committed');
}

async function facts(commands: Commands, tx: EntityManager, state: Awarding) {
  const [interestedOrganisationIds, standing] = await Promise.all([
    interestedIn(commands, tx, state),
    recipientNow(tx, state.applicantOrganisationId),
  ]);
  return { interestedOrganisationIds, standing };
}

/** The commands of the process, without context. */
type StepOf<Cmd> = Cmd extends unknown ? Pick<Cmd, Extract<keyof Cmd, 'type' | 'data'>> : never;
type PotStep = StepOf<
  Extract<PotCommand, { type: 'ReserveAmount' | 'ConfirmAward' | 'ReleaseReservation' | 'ReduceCommitment' }>
>;
type GrantStep = StepOf<CompleteAward | BlockAward>;

async function onPot(commands: Commands, potId: string, { type, data }: PotStep, cause: CommandContext): Promise<void> {
  const step = 'attempt' in data ? `${type} ${data.attempt}` : `${type} ${data.settlementId}`;
  const command = { type, data, context: following(cause, data.grantId, step) } as PotCommand;
  const decided = await commands.decide(pot, potId, command);
  if (isRefusal(decided)) throw new StepRefused(type, data.grantId, decided.code);
}

async function onGrant(
  commands: Commands,
  grantId: string,
  { type, data }: GrantStep,
  cause: CommandContext,
): Promise<Accepted<GrantEvent>> {
  const context = following(cause, grantId, `${type} ${data.attempt}`);
  const decided = await commands.decide(grantDecision, grantId, { type, data, context } as CompleteAward | BlockAward);
  if (isRefusal(decided)) throw new StepRefused(type, grantId, decided.code);
  return decided;
}

/** The same whoever runs the step: the request, of whose words it knows nothing, or the reactor. */
function following({ commandDigest: _, ...cause }: CommandContext, grantId: string, step: string): CommandContext {
  return { ...cause, commandId: deriveId(grantId, step) };
}
