import type { Refusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import {
  type Conflicts,
  conflictsFrom,
  type ConflictState,
  evolveConflicts,
  noConflicts,
  type Person,
} from './conflicts';
import {
  approvalFault,
  approvalsNeeded,
  approvalWithdrawn,
  approved,
  type Endorsement,
  isEndorsed,
  proposed,
  standingApprovals,
} from './four-eyes';
import { euros } from './grant/grant.given';

const approver = { roles: ['approver'] };
const actors = ['anna', 'bo', 'chris', 'dana'] as const;
/** Each has an employer of the same name, which may come to have an interest of its own. */
const personOf = (subject: string): Person => ({ subject, organisationIds: [`employer of ${subject}`] });

/** One thing that somebody tries. `seen` is how many versions back the approver has looked. */
type Attempt =
  | { readonly does: 'propose'; readonly by: string; readonly needed: 2 | 3 }
  | { readonly does: 'approve'; readonly by: string; readonly seen: number }
  | { readonly does: 'withdraw' | 'clear' | 'declare' | 'interest'; readonly by: string };

interface World {
  readonly endorsement: Endorsement;
  readonly declared: ConflictState;
  readonly interested: readonly string[];
}

const conflictsOf = ({ declared, interested }: World): Conflicts => conflictsFrom(declared, interested);

/** What the functions under test make of an attempt: the next world, or why not. */
function attempt(world: World, one: Attempt): World | Refusal {
  const { endorsement, declared, interested } = world;
  const { by } = one;
  switch (one.does) {
    case 'propose':
      return { ...world, endorsement: proposed(endorsement, [by], one.needed) };
    case 'approve': {
      const seen = endorsement.version - one.seen;
      const fault = approvalFault(endorsement, approver, personOf(by), seen, conflictsOf(world), {});
      return fault ?? { ...world, endorsement: approved(endorsement, personOf(by)) };
    }
    case 'withdraw':
      return { ...world, endorsement: approvalWithdrawn(endorsement, by) };
    case 'clear':
      return { ...world, declared: evolveConflicts(declared, { type: 'NoConflictDeclared', data: { subject: by } }) };
    case 'declare': {
      const data = { subject: by, kind: 'personal', declaredBy: by } as const;
      return { ...world, declared: evolveConflicts(declared, { type: 'ConflictDeclared', data }) };
    }
    case 'interest':
      return { ...world, interested: [...new Set([...interested, `employer of ${by}`])] };
    default:
      return one satisfies never;
  }
}

const begun: World = { endorsement: proposed(undefined, ['anna'], 2), declared: noConflicts, interested: [] };
const begins: Attempt = { does: 'propose', by: 'anna', needed: 2 };

/** The rule once more, as a sentence over what everyone has tried; it knows nothing of the functions under test. */
function mayCount(tried: readonly Attempt[], who: string): boolean {
  const of = (does: Attempt['does']) => tried.some((one) => one.does === does && one.by === who);
  return of('clear') && !of('declare') && !of('interest') && !of('propose');
}

function countsByTheBook(tried: readonly Attempt[]): readonly string[] {
  const change = tried.findLastIndex(({ does }) => does === 'propose');
  return actors.filter((who) => {
    // Nobody could approve before they had declared themselves.
    const approvals = tried.map(
      (one, at) =>
        one.by === who && one.does === 'approve' && one.seen === 0 && at > change && mayCount(tried.slice(0, at), who),
    );
    const withdrawal = tried.findLastIndex(({ does, by }) => does === 'withdraw' && by === who);
    return approvals.lastIndexOf(true) > withdrawal && mayCount(tried, who);
  });
}

function neededByTheBook(tried: readonly Attempt[]): number {
  const last = tried.findLast((one) => one.does === 'propose');
  return last?.does === 'propose' ? last.needed : Infinity;
}

/** Where the functions under test and the book differ; `undefined` where they are of one mind. */
function wayRound(world: World, tried: readonly Attempt[]): string | undefined {
  const counting = standingApprovals(world.endorsement, conflictsOf(world)).map(({ subject }) => subject);
  const byTheBook = countsByTheBook(tried);
  if (counting.sort().join() !== [...byTheBook].sort().join())
    return `${counting.join()} count, not ${byTheBook.join()}`;
  const endorsed = isEndorsed(world.endorsement, conflictsOf(world));
  return endorsed === byTheBook.length >= neededByTheBook(tried) ? undefined : `Endorsed: ${endorsed}`;
}

describe('four eyes', () => {
  it('has no way round in any interleaving of propose, change, approve, declare and withdraw by four actors', () => {
    const attempts: readonly Attempt[] = actors.flatMap((by): readonly Attempt[] => [
      { does: 'propose', by, needed: 2 },
      { does: 'approve', by, seen: 0 },
      { does: 'withdraw', by },
      { does: 'clear', by },
      { does: 'declare', by },
    ]);
    // Histories that leave the same behind, for the functions and for the book, go on alike: of those one is followed,
    // and so in effect all of them, of any length.
    const flags = (of: (who: string) => boolean) => actors.map((who) => (of(who) ? 1 : 0)).join('');
    const key = ({ endorsement: { requesters, approvals }, declared }: World, tried: readonly Attempt[]) => {
      const counting = countsByTheBook(tried);
      return [
        flags((who) => requesters.includes(who)),
        flags((who) => approvals.some(({ subject }) => subject === who)),
        flags((who) => declared.cleared.includes(who)),
        flags((who) => declared.conflicted.has(who)),
        flags((who) => mayCount(tried, who)),
        flags((who) => counting.includes(who)),
      ].join();
    };
    const queue: { world: World; tried: readonly Attempt[] }[] = [{ world: begun, tried: [begins] }];
    const met = new Set([key(begun, [begins])]);
    let endorsed = 0;
    for (const { world: from, tried: before } of queue) {
      for (const one of attempts) {
        const tried = [...before, one];
        const outcome = attempt(from, one);
        const world = 'refused' in outcome ? from : outcome;
        const way = wayRound(world, tried);
        if (way !== undefined) throw new Error(`${way} after ${JSON.stringify(tried)}`);
        if (isEndorsed(world.endorsement, conflictsOf(world))) endorsed += 1;
        const reached = key(world, tried);
        if (met.has(reached)) continue;
        met.add(reached);
        queue.push({ world, tried });
      }
    }
    // Anna has proposed, so she is of three kinds; each other one is of eight.
    expect(met.size).toBe(3 * 8 ** 3);
    expect(endorsed).toBeGreaterThan(0);
  });

  it('holds with old versions, employers that come to have an interest, and a third person asked for', () => {
    const by = fc.constantFrom(...actors);
    const one = fc.oneof(
      { weight: 1, arbitrary: fc.record({ does: fc.constant('propose' as const), by, needed: fc.constantFrom(2, 3) }) },
      {
        weight: 5,
        arbitrary: fc.record({ does: fc.constant('approve' as const), by, seen: fc.constantFrom(0, 0, 1) }),
      },
      { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('withdraw', 'declare', 'interest'), by }) },
      { weight: 4, arbitrary: fc.record({ does: fc.constant('clear' as const), by }) },
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (attempts) => {
        let world = begun;
        const tried: Attempt[] = [begins];
        for (const next of attempts as Attempt[]) {
          const outcome = attempt(world, next);
          // Whatever the book lets pass is let pass, too: nobody is kept out without a reason.
          if (next.does === 'approve' && next.seen === 0 && mayCount(tried, next.by)) {
            const again = world.endorsement.approvals.some(({ subject }) => subject === next.by);
            expect('refused' in outcome ? outcome.code : undefined).toBe(
              again ? 'FOUR_EYES_ALREADY_APPROVED' : undefined,
            );
          }
          if (!('refused' in outcome)) world = outcome;
          tried.push(next);
          expect(wayRound(world, tried)).toBeUndefined();
        }
      }),
      { numRuns: 400 },
    );
  });

  const twoCleared: Conflicts = { cleared: ['bo', 'chris'], declared: [], interestedOrganisationIds: [] };
  const fault = (by: string, seen = 1, conflicts = twoCleared, endorsement = begun.endorsement, as = approver) =>
    approvalFault(endorsement, as, personOf(by), seen, conflicts, { amount: euros(1) });

  it('lets nobody approve what they requested or proposed, in any version', () => {
    const changed = proposed(begun.endorsement, ['bo'], 2);
    expect(fault('anna', 2, { ...twoCleared, cleared: ['anna'] }, changed)?.code).toBe('FOUR_EYES_REQUESTER');
    expect(fault('bo', 2, twoCleared, changed)?.code).toBe('FOUR_EYES_REQUESTER');
    expect(fault('chris', 2, twoCleared, changed)).toBeUndefined();
  });

  it('answers a decision on an old version with both versions', () => {
    const changed = proposed(begun.endorsement, ['anna'], 2);
    expect(fault('bo', 1, twoCleared, changed)).toMatchObject({
      refused: 'outdated',
      code: 'FOUR_EYES_VERSION_OUTDATED',
      data: { seenVersion: 1, presentVersion: 2, present: { amount: euros(1) } },
    });
  });

  it('voids approvals by any change', () => {
    const before = approved(approved(begun.endorsement, personOf('bo')), personOf('chris'));
    expect(isEndorsed(before, twoCleared)).toBe(true);
    expect(isEndorsed(proposed(before, ['anna'], 2), twoCleared)).toBe(false);
  });

  it('leaves out the approval of whoever is conflicted afterwards, by their word or by their employer', () => {
    const before = approved(approved(begun.endorsement, personOf('bo')), personOf('chris'));
    expect(isEndorsed(before, { ...twoCleared, cleared: ['chris'], declared: ['bo'] })).toBe(false);
    const interestedOrganisationIds = personOf('bo').organisationIds;
    expect(isEndorsed(before, { ...twoCleared, interestedOrganisationIds })).toBe(false);
  });

  it('refuses who is no approver, is conflicted, has not declared, or has approved', () => {
    expect(fault('bo', 1, twoCleared, begun.endorsement, { roles: ['fund-officer'] })?.code).toBe(
      'FOUR_EYES_NO_APPROVER',
    );
    expect(fault('dana')).toMatchObject({ refused: 'forbidden', code: 'FOUR_EYES_UNDECLARED' });
    expect(fault('bo', 1, { ...twoCleared, cleared: [], declared: ['bo'] })).toMatchObject({
      code: 'FOUR_EYES_CONFLICTED',
      data: { kind: 'declared' },
    });
    const interestedOrganisationIds = personOf('bo').organisationIds;
    expect(fault('bo', 1, { ...twoCleared, interestedOrganisationIds })).toMatchObject({
      code: 'FOUR_EYES_CONFLICTED',
      data: { kind: 'institutional', organisationId: 'employer of bo' },
    });
    expect(fault('bo', 1, twoCleared, approved(begun.endorsement, personOf('bo')))?.code).toBe(
      'FOUR_EYES_ALREADY_APPROVED',
    );
  });

  it('never takes what the service does by itself for a person', () => {
    expect(fault('bo', 1, twoCleared, begun.endorsement, { roles: [] })?.code).toBe('FOUR_EYES_NO_APPROVER');
  });

  it('counts no approval twice and none of a requester, should one ever stand in the log', () => {
    const once = approved(begun.endorsement, personOf('bo'));
    const everyone = { ...twoCleared, cleared: [...actors] };
    expect(isEndorsed(approved(once, personOf('bo')), everyone)).toBe(false);
    expect(isEndorsed(approved(once, personOf('anna')), everyone)).toBe(false);
    expect(isEndorsed(approved(once, personOf('chris')), everyone)).toBe(true);
  });

  it('asks a third person from the threshold on', () => {
    expect(approvalsNeeded({ cents: 4_999_999, currency: 'EUR' }, euros(50_000))).toBe(2);
    expect(approvalsNeeded(euros(50_000), euros(50_000))).toBe(3);
    const three = proposed(undefined, ['anna'], 3);
    const two = approved(approved(three, personOf('bo')), personOf('chris'));
    expect(isEndorsed(two, twoCleared)).toBe(false);
    const cleared = { ...twoCleared, cleared: ['bo', 'chris', 'dana'] };
    expect(isEndorsed(approved(two, personOf('dana')), cleared)).toBe(true);
    expect(isEndorsed(approved(two, personOf('bo')), cleared)).toBe(false);
  });
});
