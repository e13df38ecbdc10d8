import { askUntil, type Cast } from './cast';
import { idOf, type KnownOrganisation, type Organisation, type Page, verify } from './steps';
import type { Story } from './story';

interface Candidate {
  readonly id: string;
  readonly organisations: readonly { readonly id: string; readonly name?: string }[];
  readonly score: number;
  readonly status: string;
  readonly reasons: readonly { readonly text: string }[];
}
interface Preview {
  readonly differences: readonly string[];
  readonly blockers: readonly unknown[];
}

/** One organisation that is there twice: found by itself, shown to a human, merged, known everywhere. */
export async function tellOfDuplicates(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('A duplicate, found and merged');
  const { secondCoordinator: coordinator, representative, fundOfficer } = cast;
  const survivor = idOf(ids, 'Übersetzernetz Süd e.V.');
  const applied = await representative.post<{ organisationId: string }>('/registry/organisations', {
    name: 'Uebersetzer-Netz Sued',
    kind: 'civil-society',
    legalForm: 'eingetragener Verein',
    operatingSince: '2022-03-10',
    regionKey: '08111000',
    identifiers: [],
    fieldKeys: ['orientation'],
    website: 'https://www.uebersetzernetz.example/kontakt',
  });
  const absorbed = applied.body.organisationId;
  await verify(coordinator, absorbed);
  const admitted = await coordinator.post(`/registry/organisations/${absorbed}/admission`, {});
  story.check('“Uebersetzer-Netz Sued” is admitted, without a register number', admitted.status === 204, admitted);

  const found = await askUntil(
    () => coordinator.get<Page<Candidate>>(`/registry/duplicate-candidates?organisation=${absorbed}`),
    ({ body }) => body.items.length > 0,
  );
  const candidate = found.body.items.find(({ organisations }) => organisations.some(({ id }) => id === survivor));
  story.check(
    `It is found to look like Übersetzernetz Süd e.V. (score ${candidate?.score})`,
    candidate !== undefined,
    found.body,
  );
  for (const { text } of candidate?.reasons ?? []) story.tell(`because: ${text}`);

  const preview = await coordinator.get<Preview>(`/registry/organisations/${absorbed}/merge-preview?into=${survivor}`);
  story.tell(`The two differ in: ${preview.body.differences.join(', ')}`);
  const merged = await coordinator.post(`/registry/organisations/${absorbed}/merge`, {
    into: survivor,
    reasonCode: 'duplicate',
    factsFrom: {
      name: 'survivor',
      kind: 'survivor',
      legalForm: 'survivor',
      operatingSince: 'survivor',
      regionKey: 'survivor',
      identifiers: 'both',
      fieldKeys: 'both',
      website: 'absorbed',
      address: 'survivor',
      parentOrganisationId: 'survivor',
    },
  });
  story.check('A coordinator merges them, fact by fact', merged.status === 204, merged.body);

  const known = await askUntil(
    () => fundOfficer.get<Known>(`/fund/known-organisations/${absorbed}`),
    ({ body }) => body.status === 'merged',
  );
  story.check('The fund follows: who asks for the one is led to the other', known.body.survivor.id === survivor, known);
  const shown = await askUntil(
    () => coordinator.get<Organisation & { readonly website?: string }>(`/registry/organisations/${survivor}`),
    ({ body }) => body.website !== undefined,
  );
  story.check('and the surviving record has the website of the other', shown.body.website !== undefined, shown.body);
}

interface Known extends KnownOrganisation {
  readonly survivor: KnownOrganisation;
}
