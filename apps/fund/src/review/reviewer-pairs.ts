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
  /** How many reviewers are looked for: two at first, one where a third is needed. */
  readonly wanted: 1 | 2;
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
    pairs: groups(eligible, facts.wanted)
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

function groups(eligible: readonly Known[], size: ReviewerFacts['wanted']) {
  if (size === 1) {
    return eligible.map(({ subject, openReviews }) => ({ subjects: [subject], openReviews, shareEmployer: false }));
  }
  return eligible.flatMap((one, index) =>
    eligible.slice(index + 1).map((other) => ({
      subjects: [one.subject, other.subject],
      openReviews: one.openReviews + other.openReviews,
      shareEmployer: [...one.employers].some((id) => other.employers.has(id)),
    })),
  );
}
