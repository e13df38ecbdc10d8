import { createHash } from 'node:crypto';
import {
  type MatchingRoundEvent,
  matchingRoundEvents,
  replayRound,
  roundReplayCatalogues,
} from '@alliance/capacity-matching/events';
import { formatPosition, type RecordedEvent } from '@alliance/event-sourcing';
import type { EventStore } from '@alliance/event-store';
import { idOf, readArguments } from './arguments';
import type { AuditCommand } from './command';
import { replay } from './replay';
import { oneLine, table } from './table';
import { Fault, type Terminal } from './terminal';

type DataOf<Type extends MatchingRoundEvent['type']> = Extract<MatchingRoundEvent, { type: Type }>['data'];

/** What a matching round saw, proposed and left unserved; or whether the log gives the same proposals again. */
export const roundCommand: AuditCommand = {
  usage: 'round <id> [--replay] [--json]',

  prepare(args) {
    const options = { replay: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = readArguments(args, options, this.usage);
    const id = idOf(positionals, this.usage);
    const { json = false } = values;
    return async (store, terminal) => {
      if (values.replay) return replayOf(store, id, json, terminal);
      await show(store, id, json, terminal);
      return 0;
    };
  },
};

async function show(store: EventStore, id: string, json: boolean, { print }: Terminal): Promise<void> {
  const events: (RecordedEvent & MatchingRoundEvent)[] = [];
  for await (const event of store.readStream(matchingRoundEvents.category.streamName(id), matchingRoundEvents)) {
    // The codec has checked type and data against the catalogue, whose events these are.
    events.push(event as RecordedEvent & MatchingRoundEvent);
  }
  const [requested] = events;
  if (requested?.type !== 'RoundRequested') throw new Fault(`There is no round ${id}.`);
  const proposals = events.flatMap((event) => (event.type === 'RoundProposed' ? event.data.proposals : []));
  const unserved = events.flatMap((event) => (event.type === 'RoundUnserved' ? event.data.unserved : []));
  const solved = events.find(
    (event): event is Extract<typeof event, { type: 'RoundSolved' }> => event.type === 'RoundSolved',
  );
  const stopped = events.find(
    (event): event is Extract<typeof event, { type: 'RoundStopped' }> => event.type === 'RoundStopped',
  );
  if (json) {
    const told = { requested: requested.data, solved: solved?.data, stopped: stopped?.data, proposals, unserved };
    print(JSON.stringify(told, null, 2));
    return;
  }
  const { position, offers, needs, requestedBy, settings } = requested.data;
  const at = `${formatPosition(requested.position)}  ${requested.metadata.occurredAt}`;
  print(
    `${at}  Requested by ${oneLine(requestedBy)}: ${offers} offers and ${needs} needs as of ${position}, for ${settings.firstWeek} to ${settings.lastWeek}.`,
  );
  print(endOf(solved?.data, stopped?.data));
  const terms = (of: Readonly<Record<string, number>>) =>
    Object.entries(of).map(([name, points]) => `${name} ${points}`);
  const proposed = proposals.map(({ needId, offerId, weeks, score, terms: of }) => [
    needId,
    offerId,
    runs(weeks),
    String(score),
    terms(of).join(', '),
  ]);
  for (const line of table(['need', 'offer', 'minutes', 'score', 'terms'], proposed, [3])) print(line);
  const left = unserved.map(({ needId, weeks, reason, rule = '', nearestMisses }) => [
    ...[needId, runs(weeks), reason, rule],
    nearestMisses.map(({ offerId, change }) => `${offerId}: ${change}`).join('; '),
  ]);
  print('');
  for (const line of table(['unserved', 'minutes', 'reason', 'rule', 'nearest misses'], left)) print(line);
}

function endOf(solved: DataOf<'RoundSolved'> | undefined, stopped: DataOf<'RoundStopped'> | undefined): string {
  if (stopped !== undefined) return `It was stopped: ${stopped.reasonCode}.`;
  if (solved === undefined) return 'It has no result yet.';
  const gap = solved.weeks.reduce((sum, { objective, bound }) => sum + bound - objective, 0);
  const best = gap === 0 ? 'proved to be the best' : `at most ${gap} below the best`;
  return `Solved in ${solved.milliseconds} ms over ${solved.pairs} pairs, ${best}: ${solved.proposals} proposals, ${solved.unserved} needs unserved.`;
}

function runs(weeks: readonly { readonly from: string; readonly to: string; readonly minutes: number }[]): string {
  return weeks.map(({ from, to, minutes }) => `${minutes} in ${from === to ? from : `${from}..${to}`}`).join(', ');
}

/** Byte by byte: the round's proposals, and what it says of unserved needs, have to come out of the log again. */
async function replayOf(
  store: EventStore,
  id: string,
  json: boolean,
  { print, showProgress, alarm }: Terminal,
): Promise<0 | 1> {
  const again = await replayRound(() => replay(store, roundReplayCatalogues, showProgress), id);
  if (again === undefined) throw new Fault(`There is no round ${id} with a result.`);
  const { recorded, replayed, isOptimal, method } = again;
  const sawTheSame = createHash('sha256').update(again.inputs).digest('hex') === again.inputsDigest;
  const difference = recorded === replayed ? undefined : firstDifference(recorded, replayed);
  const isSame = sawTheSame && difference === undefined;
  if (json) {
    print(JSON.stringify({ same: isSame, sawTheSame, isOptimal, method, ...(difference && { difference }) }, null, 2));
    return isSame ? 0 : 1;
  }
  if (!sawTheSame) print(alarm('The log up to its position is not what the round saw.'));
  if (difference === undefined) {
    print(`The log gives the same again, byte by byte: ${recorded.length} characters of proposals and reasons.`);
  } else {
    print(alarm(`The log gives something else, from character ${difference.at} on.`));
    print(`recorded: ${oneLine(difference.recorded)}`);
    print(`replayed: ${oneLine(difference.replayed)}`);
    if (!isOptimal) print('The round was ended by its time limit: what it had found by then need not come out again.');
    if (method.recorded !== method.replayed)
      print(
        `The round was computed by method ${method.recorded}, and this release knows method ${method.replayed}: ask a release of then.`,
      );
  }
  return isSame ? 0 : 1;
}

const SHOWN_BEFORE = 40;
const SHOWN_AFTER = 80;

function firstDifference(recorded: string, replayed: string) {
  let at = 0;
  while (recorded[at] === replayed[at]) at += 1;
  const [from, to] = [Math.max(0, at - SHOWN_BEFORE), at + SHOWN_AFTER];
  return { at, recorded: recorded.slice(from, to), replayed: replayed.slice(from, to) };
}
