import fc from 'fast-check';
import { type Candidate, type ReviewerFacts, reviewerPairs } from './reviewer-pairs';

const free: ReviewerFacts = {
  conflicts: { cleared: [], declared: [], interestedOrganisationIds: [] },
  requesters: [],
  reviewed: [],
  wanted: 2,
};
const member = (subject: string, openReviews = 0, organisationId?: string): Candidate => ({
  subject,
  openReviews,
  ...(organisationId !== undefined && { organisationId }),
});
const subjectsOf = (panel: readonly Candidate[], facts: Partial<ReviewerFacts> = {}) =>
  reviewerPairs(panel, { ...free, ...facts }).pairs.map(({ subjects }) => subjects);

describe('eligible reviewers: proposes pairs or proves there is none', () => {
  it('proposes those of different employers first, then those with the least to review', () => {
    const panel = [member('a', 0, 'one'), member('b', 0, 'one'), member('c', 5, 'two'), member('d', 3)];
    expect(subjectsOf(panel)).toEqual([
      ['a', 'd'],
      ['b', 'd'],
      ['a', 'c'],
      ['b', 'c'],
      ['c', 'd'],
      ['a', 'b'],
    ]);
  });

  it('looks for one alone where a third is needed, besides those who have reviewed', () => {
    const panel = [member('a'), member('b'), member('c', 2), member('d', 1)];
    expect(subjectsOf(panel, { reviewed: ['a', 'b'], wanted: 1 })).toEqual([['d'], ['c']]);
  });

  it('names all that excludes somebody, and proves with it that there is none', () => {
    const facts: ReviewerFacts = {
      conflicts: { cleared: [], declared: ['a'], interestedOrganisationIds: ['donor'] },
      requesters: ['b'],
      reviewed: ['c'],
      wanted: 2,
    };
    const panel = [member('a', 0, 'donor'), member('b'), member('c'), member('d')];
    expect(reviewerPairs(panel, facts)).toEqual({
      pairs: [],
      excluded: [
        { subject: 'a', because: ['DECLARED', 'INSTITUTIONAL'] },
        { subject: 'b', because: ['REQUESTER'] },
        { subject: 'c', because: ['ALREADY_REVIEWED'] },
      ],
      provenNone: true,
    });
  });

  it('takes somebody who is on the panel for two employers for one person, conflicted by either', () => {
    const panel = [member('a', 0, 'one'), member('a', 0, 'donor'), member('b')];
    expect(subjectsOf(panel)).toEqual([['a', 'b']]);
    const conflicts = { ...free.conflicts, interestedOrganisationIds: ['donor'] };
    expect(reviewerPairs(panel, { ...free, conflicts })).toMatchObject({ pairs: [], provenNone: true });
  });

  it('proposes twenty at most, of a large panel too', () => {
    const panel = Array.from({ length: 200 }, (_, index) => member(`p-${index}`, index));
    const { pairs } = reviewerPairs(panel, free);
    expect(pairs).toHaveLength(20);
    expect(pairs[0]).toEqual({ subjects: ['p-0', 'p-1'], openReviews: 1 });
  });

  it('never proposes an excluded person, and finds none exactly when a search through all finds none', () => {
    const people = ['a', 'b', 'c', 'd', 'e'];
    const someone = fc.uniqueArray(fc.constantFrom(...people));
    const organisation = fc.constantFrom<string[]>('one', 'two', 'three');
    const candidate = fc
      .tuple(fc.constantFrom(...people), fc.nat(3), fc.option(organisation, { nil: undefined }))
      .map(([subject, open, organisationId]) => member(subject, open, organisationId));
    const interested = fc.uniqueArray(organisation, { maxLength: 2 });
    const wanted = fc.constantFrom<ReviewerFacts['wanted'][]>(1, 2);
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 7 }),
        someone,
        someone,
        someone,
        interested,
        wanted,
        (panel, declared, requesters, reviewed, interestedOrganisationIds, size) => {
          const conflicts = { cleared: people, declared, interestedOrganisationIds };
          const found = reviewerPairs(panel, { conflicts, requesters, reviewed, wanted: size });
          const mayReview = (subject: string) =>
            ![declared, requesters, reviewed].some((excluding) => excluding.includes(subject)) &&
            panel.every(
              (one) =>
                one.subject !== subject ||
                one.organisationId === undefined ||
                !interestedOrganisationIds.includes(one.organisationId),
            );
          const possible = panel.flatMap(({ subject: one }) =>
            panel
              .filter(({ subject: other }) => (size === 1 ? other === one : other > one))
              .filter(({ subject: other }) => mayReview(one) && mayReview(other))
              .map(({ subject: other }) => [...new Set([one, other])].join()),
          );
          expect(found.pairs.map(({ subjects }) => subjects.join()).sort()).toEqual([...new Set(possible)].sort());
          expect(found.provenNone).toBe(possible.length === 0);
          const excluded = found.excluded.map(({ subject }) => subject);
          expect(excluded.filter(mayReview)).toEqual([]);
          expect(found.pairs.flatMap(({ subjects }) => subjects).filter((one) => excluded.includes(one))).toEqual([]);
        },
      ),
    );
  });
});
