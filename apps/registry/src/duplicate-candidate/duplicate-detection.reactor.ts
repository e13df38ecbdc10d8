import { type CommandContext, isRefusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, OwnOfService, Reactor } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { survivorByLog } from '../membership-by-log.http';
import { organisationEvents } from '../organisation/organisation.events';
import { RegistrySettings } from '../registry.config';
import { duplicateCandidate, type DuplicateCandidateCommand } from './duplicate-candidate.decider';
import { detectAfter, type LookForDuplicates, type SettleDuplicate } from './duplicate-detection.policy';
import { fingerprintIndex, indexedOrganisation, likeOrganisations } from './fingerprint-index.read-model';
import type { Suspicion } from './duplicate-candidate.events';

const INDEXED_WITHIN_MS = 10_000;

/**
 * Compares each new organisation with those that were there before, and records every pair that is alike. Of two that
 * apply at once the later one, in the log's order, finds the earlier: it looks only when the index has come to its own
 * place, and so to all before it. From the beginning of the log it finds all that history holds. A pair that is merged is
 * confirmed by that, however the merge came about, and open again after its undo.
 */
export const duplicateDetection: Reactor<LookForDuplicates | SettleDuplicate> = {
  name: 'duplicate-detection',
  catalogues: [organisationEvents],
  policy: detectAfter,
  execute: (reaction, context, commands, database, own) =>
    reaction.type === 'SettleDuplicate'
      ? settle(reaction, context, commands)
      : lookForDuplicates(reaction, context, commands, database, own),
};

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

async function lookForDuplicates(
  { target, data }: LookForDuplicates,
  cause: CommandContext,
  commands: Commands,
  database: DataSource,
  { progress, settings }: OwnOfService,
): Promise<void> {
  if ((await progress.waitForPosition(fingerprintIndex.name, data.knownFrom, INDEXED_WITHIN_MS)) === 'not yet') {
    throw new Error(`The index ${fingerprintIndex.name} has not come to organisation ${target} yet.`);
  }
  const { duplicateScorePercent } = settings as RegistrySettings;
  const indexed = await indexedOrganisation(database, target);
  if (indexed === undefined) return;
  for (const other of await likeOrganisations(database, indexed.fingerprint, target)) {
    if (other.score * 100 < duplicateScorePercent) break;
    const organisationIds = [target, other.organisationId].sort();
    const appliedBy = [...new Set([indexed.appliedBy, other.appliedBy])];
    const { score, reasons } = other;
    const suspicion: Suspicion = { organisationIds, score, reasons: [...reasons], appliedBy };
    await give(commands, organisationIds, { type: 'SuspectDuplicate', data: suspicion }, cause);
  }
}

/** By what the log says of the two now, so that a repeat, long after, does not bring back what has changed since. */
async function settle({ target, data }: SettleDuplicate, cause: CommandContext, commands: Commands): Promise<void> {
  const countAsOne = (await survivorByLog(commands, target)) === (await survivorByLog(commands, data.other));
  const type = countAsOne ? 'ConfirmDuplicate' : 'ReopenDuplicate';
  await give(commands, [target, data.other], { type, data: {} }, cause);
}

type WithoutContext<Cmd> = Cmd extends DuplicateCandidateCommand ? Pick<Cmd, 'type' | 'data'> : never;
type Wanted = WithoutContext<DuplicateCandidateCommand>;

/** Gives a command to the candidate of these two. A refusal would be a bug. */
async function give(
  commands: Commands,
  organisationIds: readonly string[],
  wanted: Wanted,
  cause: CommandContext,
): Promise<void> {
  const id = candidateIdOf(organisationIds);
  const context = {
    ...cause,
    commandId: deriveId(cause.commandId, `${wanted.type} ${id}`),
    causationId: cause.commandId,
  };
  // Suspicions are of pairs that were never found before, but for a few.
  const options = { startsStream: wanted.type === 'SuspectDuplicate' };
  const given = await commands.decide(duplicateCandidate, id, { ...wanted, context }, options);
  if (isRefusal(given)) throw new Error(`${wanted.type} was refused by the candidate ${id}: ${given.code}.`);
}

/** The same for the same two, whichever was found first. */
export function candidateIdOf(organisationIds: readonly string[]): string {
  const [first = '', second = ''] = [...organisationIds].sort();
  return deriveId(first, `duplicate ${second}`);
}
