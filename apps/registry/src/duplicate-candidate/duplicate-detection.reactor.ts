import { type CommandContext, isRefusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { organisationEvents } from '../organisation/organisation.events';
import { RegistrySettings } from '../registry.config';
import { duplicateCandidate } from './duplicate-candidate.decider';
import { lookAfter, type LookForDuplicates } from './duplicate-detection.policy';
import { fingerprintIndex, indexedOrganisation, likeOrganisations } from './fingerprint-index.read-model';
import type { Suspicion } from './duplicate-candidate.events';

const INDEXED_WITHIN_MS = 10_000;

/**
 * Compares each new organisation with those that were there before, and records every pair that is alike. Of two that
 * apply at once the later one, in the log's order, finds the earlier: it looks only when the index has come to its own
 * place, and so to all before it. From the beginning of the log it finds all that history holds.
 */
export const duplicateDetection: Reactor<LookForDuplicates> = {
  name: 'duplicate-detection',
  catalogues: [organisationEvents],
  policy: lookAfter,
  async execute({ target, data }, context, commands, database, { progress, settings }) {
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
      await suspect(commands, { organisationIds, score, reasons: [...reasons], appliedBy }, context);
    }
  },
};

async function suspect(
  commands: Pick<CommandHandler, 'decide'>,
  data: Suspicion,
  cause: CommandContext,
): Promise<void> {
  const id = candidateIdOf(data.organisationIds);
  const context = { ...cause, commandId: deriveId(cause.commandId, id), causationId: cause.commandId };
  const command = { type: 'SuspectDuplicate', data, context } as const;
  const suspected = await commands.decide(duplicateCandidate, id, command, { startsStream: true });
  if (isRefusal(suspected)) throw new Error(`The candidate ${id} was not recorded: ${suspected.code}.`);
}

/** The same for the same two, whichever was found first. */
export function candidateIdOf(organisationIds: readonly string[]): string {
  const [first = '', second = ''] = [...organisationIds].sort();
  return deriveId(first, `duplicate ${second}`);
}
