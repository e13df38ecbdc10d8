import { dayOf } from '@alliance/calendar';
import { regionLadder } from '@alliance/region-keys';
import type { Blocker } from '../blocker';
import type { CallFacts } from '../call/call.events';
import { inWords, sum } from '../money';
import type { StandingState } from '../standing';
import type { Application } from './application.events';
import { type FundedLine, unexplained } from './double-funding';
import type { Finding } from './finding';

type Structures = Finding['structures'];

/** The structure that an application says it strengthens. */
export interface NamedStructure {
  /** Whose it is now, after merges. */
  readonly ownerId: string;
  readonly hasEnded: boolean;
}

/** All that eligibility is judged by. */
export interface EligibilityFacts {
  /** The moment judged for, ISO 8601, UTC. */
  readonly at: string;
  readonly call: CallFacts;
  /** Whether the call was closed before its time. */
  readonly callIsClosed: boolean;
  /** Whether it was submitted within the call's window: from then on the window says nothing any more. */
  readonly isInTime: boolean;
  readonly recipient: StandingState;
  /** `undefined` until its first words are written. */
  readonly application: Application | undefined;
  /** `undefined` where the registry has told of none. */
  readonly structure: NamedStructure | undefined;
  /** What the gate against double structures finds now, … */
  readonly structures: Structures;
  /** … what it had found when the reason was given why it is no double structure, … */
  readonly reasoned: Structures['overlaps'];
  /** … and when a second person consented to it. */
  readonly consented: Structures['overlaps'];
  readonly doubleFunding: readonly FundedLine[];
  /** The evidence in whose sight somebody has given a reason to go on. */
  readonly explained: readonly FundedLine[];
}

/**
 * Everything that stands in the way of the grant, by these facts alone; nothing means that it is eligible. Each fact
 * that is wrong has its own code, whatever the others are.
 */
export function eligibilityBlockers(facts: EligibilityFacts): readonly Blocker[] {
  return [
    ...standingBlockers(facts.recipient),
    ...windowBlockers(facts),
    ...applicationBlockers(facts),
    ...structureGateBlockers(facts),
    ...doubleFundingBlockers(facts),
  ];
}

/** The steps that it has to be eligible for. */
export const steps = ['submission', 'formal-check', 'decision'] as const;
export type Step = (typeof steps)[number];

/**
 * What another person does about it later: the formal check consents, and who proposes the decision gives the reason. What
 * stops the decision itself waits for the facts to change, or for the next version of the application, which the applicant
 * is asked for.
 */
const LATER: Readonly<Record<Step, readonly string[]>> = {
  submission: ['DOUBLE_STRUCTURE_CONSENT', 'DOUBLE_FUNDING_UNEXPLAINED'],
  'formal-check': ['DOUBLE_FUNDING_UNEXPLAINED'],
  decision: [],
};

/** Those of the blockers that stop the step, because nobody after it does anything about them. */
export function stopping(blockers: readonly Blocker[], step: Step): readonly Blocker[] {
  return blockers.filter(({ code }) => !LATER[step].includes(code));
}

/** Why no money goes to the recipient. */
export function standingBlockers({ standing }: StandingState): readonly Blocker[] {
  switch (standing) {
    case 'admitted':
      return [];
    case 'unknown':
      return [blocker('ORGANISATION_NOT_ADMITTED', 'The registry has not told of an admission of the organisation.')];
    case 'suspended':
      return [blocker('ORGANISATION_SUSPENDED', 'The organisation is suspended; its reinstatement lifts this.')];
    case 'left':
      return [blocker('ORGANISATION_LEFT', 'The organisation has left the alliance.')];
  }
}

function windowBlockers({ at, call, callIsClosed, isInTime }: EligibilityFacts): readonly Blocker[] {
  if (isInTime) return [];
  if (callIsClosed) return [blocker('CALL_CLOSED', 'The call was closed before its time.')];
  if (!isBefore(at, call.closesAt)) return [blocker('CALL_CLOSED', `The call closed at ${call.closesAt}.`)];
  if (!isBefore(at, call.opensAt)) return [];
  const words = `The call opens at ${call.opensAt}.`;
  return [{ ...blocker('CALL_NOT_OPEN_YET', words), lapsesOn: dayOf(call.opensAt) }];
}

/** Of moments in ISO 8601, UTC, with more or fewer digits of the second. */
function isBefore(a: string, b: string): boolean {
  const inOneForm = (at: string) => at.replace(/(\.\d*?)0*Z$/, '$1').replace(/[.Z]$/, '');
  return inOneForm(a) < inOneForm(b);
}

function applicationBlockers({ application, call, structure, recipient }: EligibilityFacts): readonly Blocker[] {
  if (application === undefined) return [blocker('APPLICATION_INCOMPLETE', 'The application is still to be written.')];
  const requested = sum(
    application.lines.map((line) => line.requested),
    call.minimum.currency,
  );
  const fields = application.fieldKeys.filter((key) => !call.fieldKeys.includes(key));
  const regions = application.regionKeys.filter(
    (key) => !regionLadder(key).some((one) => call.regionKeys.includes(one)),
  );
  const kinds = application.documents.map(({ kind }) => kind);
  const missing = call.requiredDocuments.filter((kind) => !kinds.includes(kind));
  const found: readonly (Blocker | undefined)[] = [
    structureBlocker(structure, recipient),
    some(fields, 'FIELD_OUTSIDE_CALL', (keys) => `The call is not for the fields of action ${keys}.`),
    some(regions, 'REGION_OUTSIDE_CALL', (keys) => `The call is not for the regions ${keys}.`),
    requested.cents < call.minimum.cents
      ? blocker(
          'AMOUNT_BELOW_MINIMUM',
          `The call gives ${inWords(call.minimum)} at least; ${inWords(requested)} are requested.`,
        )
      : undefined,
    requested.cents > call.maximum.cents
      ? blocker(
          'AMOUNT_ABOVE_MAXIMUM',
          `The call gives ${inWords(call.maximum)} at most; ${inWords(requested)} are requested.`,
        )
      : undefined,
    ...missing.map((kind) => blocker('DOCUMENT_MISSING', `The call asks for a document of the kind ${kind}.`)),
  ];
  return found.filter((one) => one !== undefined);
}

/** The fund strengthens what exists: a structure of the recipient's own, which is at work. */
function structureBlocker(structure: NamedStructure | undefined, { survivorId }: StandingState): Blocker | undefined {
  if (structure === undefined) {
    return blocker('STRUCTURE_MISSING', 'The registry has not told of the structure that it strengthens.');
  }
  if (structure.ownerId !== survivorId) {
    return blocker('STRUCTURE_OF_ANOTHER', 'The structure that it strengthens is of another organisation.');
  }
  return structure.hasEnded ? blocker('STRUCTURE_ENDED', 'The structure that it strengthens has ended.') : undefined;
}

function structureGateBlockers({ structures, reasoned, consented }: EligibilityFacts): readonly Blocker[] {
  const { overlaps, reasonFrom, consentFrom } = structures;
  const counting = overlaps.filter(({ score }) => score >= Math.min(reasonFrom, consentFrom));
  const consentNeeded = counting.filter(({ score }) => score >= consentFrom);
  const found: readonly (Blocker | undefined)[] = [
    some(
      namesOf(unseenIn(reasoned, counting)),
      'DOUBLE_STRUCTURE_REASON',
      (names) =>
        `There is what overlaps with it: ${names}. Join one of them, or give a reason why it is no double structure.`,
    ),
    some(
      namesOf(unseenIn(consented, consentNeeded)),
      'DOUBLE_STRUCTURE_CONSENT',
      (names) =>
        `There is what is much the same: ${names}. A second person has to consent, who does so by the formal check.`,
    ),
  ];
  return found.filter((one) => one !== undefined);
}

/** What overlaps now and did not, or less, when it was looked at before. */
function unseenIn(before: Structures['overlaps'], now: Structures['overlaps']): Structures['overlaps'] {
  const seen = new Map(before.map(({ structureId, score }) => [structureId, score]));
  return now.filter(({ structureId, score }) => score > (seen.get(structureId) ?? 0));
}

function namesOf(overlaps: Structures['overlaps']): readonly string[] {
  return overlaps.map(({ name, organisationName }) => (organisationName ? `${name} of ${organisationName}` : name));
}

function doubleFundingBlockers({ doubleFunding, explained }: EligibilityFacts): readonly Blocker[] {
  const lines = unexplained(doubleFunding, explained).map(
    ({ lineKey, grantId, from, to }) => `${lineKey} from ${from} to ${to} in the grant ${grantId}`,
  );
  const found = some(
    lines,
    'DOUBLE_FUNDING_UNEXPLAINED',
    (named) => `The recipient may be paid twice for the same: ${named}. Going on needs a reason.`,
  );
  return found === undefined ? [] : [found];
}

/** As many as fit into words that somebody reads. */
const MOST_NAMED = 2;

function some(of: readonly string[], code: string, words: (named: string) => string): Blocker | undefined {
  if (of.length === 0) return undefined;
  const more = of.length > MOST_NAMED ? ` and ${of.length - MOST_NAMED} more` : '';
  return blocker(code, words(of.slice(0, MOST_NAMED).join(', ') + more));
}

function blocker(code: string, words: string): Blocker {
  return { code, words };
}
