import type { Member } from '../call/call.events';
import type { Conflicts } from '../conflicts';

/** Somebody on the panel of the call, with how many reviews they are asked for at present. */
export type Candidate = Member & { readonly openReviews: number };

type Exclusion = 'DECLARED' | 'INSTITUTIONAL' | 'REQUESTER' | 'ALREADY_REVIEWED';

/** What is known of a grant that tells who may still review it. */
export interface ReviewerFacts {
  readonly conflicts: Conflicts;
  /** Who drafted, revised or submitted the application. */
  readonly requesters: readonly string[];
  /** Whose review there is. */
  readonly reviewed: readonly string[];
  /** How many reviewers are looked for: as many as a decision needs, then one where they disagree. */
  readonly wanted: number;
}

export interface ReviewerPairs {
  /** The best come first, and not more than can be read. */
  readonly pairs: readonly { readonly subjects: readonly string[]; readonly openReviews: number }[];
  readonly excluded: readonly { readonly subject: string; readonly because: readonly Exclusion[] }[];
  /** Everybody of the panel who is not in `excluded` has been counted, and they are too few. */
  readonly provenNone: boolean;
}

interface Known {
  readonly subject: string;
  readonly employers: ReadonlySet<string>;
  readonly openReviews: number;
}

const mostPairs = 20;

/** Who could review together: of different employers before those of one, then who has the least to review already. */
export function reviewerPairs(panel: readonly Candidate[], facts: ReviewerFacts): ReviewerPairs {
  const known = [...new Set(panel.map(({ subject }) => subject))].sort().map((subject): Known => {
    const entries = panel.filter((one) => one.subject === subject);
    const employers = entries.map(({ organisationId }) => organisationId).filter((id) => id !== undefined);
    return {
      subject,
      employers: new Set(employers),
      openReviews: Math.max(...entries.map(({ openReviews }) => openReviews)),
    };
  });
  const judged = known.map((one) => ({ ...one, because: exclusions(one, facts) }));
  const eligible = judged.filter(({ because }) => because.length === 0);
  return {
    pairs: [...groups(eligible, facts.wanted)]
      .sort((a, b) => Number(a.shareEmployer) - Number(b.shareEmployer) || a.openReviews - b.openReviews)
      .slice(0, mostPairs)
      .map(({ subjects, openReviews }) => ({ subjects, openReviews })),
    excluded: judged.filter(({ because }) => because.length > 0).map(({ subject, because }) => ({ subject, because })),
    provenNone: eligible.length < facts.wanted,
  };
}

function exclusions({ subject, employers }: Known, facts: ReviewerFacts): readonly Exclusion[] {
  const { declared, interestedOrganisationIds } = facts.conflicts;
  return [
    ...(declared.includes(subject) ? (['DECLARED'] as const) : []),
    ...(interestedOrganisationIds.some((id) => employers.has(id)) ? (['INSTITUTIONAL'] as const) : []),
    ...(facts.requesters.includes(subject) ? (['REQUESTER'] as const) : []),
    ...(facts.reviewed.includes(subject) ? (['ALREADY_REVIEWED'] as const) : []),
  ];
}

/** All of that size, each once. */
function groups(eligible: readonly Known[], size: number): readonly Group[] {
  return combinations(eligible, size).map((members) => {
    const employers = members.flatMap((one) => [...one.employers]);
    return {
      subjects: members.map(({ subject }) => subject),
      openReviews: members.reduce((sum, one) => sum + one.openReviews, 0),
      shareEmployer: new Set(employers).size < employers.length,
    };
  });
}

interface Group {
  readonly subjects: readonly string[];
  readonly openReviews: number;
  readonly shareEmployer: boolean;
}

function combinations<One>(of: readonly One[], size: number): readonly (readonly One[])[] {
  if (size === 0) return [[]];
  return of.flatMap((one, index) => combinations(of.slice(index + 1), size - 1).map((others) => [one, ...others]));
}
