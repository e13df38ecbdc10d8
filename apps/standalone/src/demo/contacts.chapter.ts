import type { Problem } from '../api-client';
import { askUntil, type Cast } from './cast';
import { idOf, type Page } from './steps';
import type { Story } from './story';

interface Erasure {
  readonly erased: readonly { readonly table: string; readonly rows: number }[];
}
interface Disclosure {
  readonly person: { readonly name: string };
}
interface Read {
  readonly contactId: string;
  readonly subject: string;
  readonly purpose: string;
}

/** A contact person: held with a purpose, read on record, erased when nothing keeps the data any longer. */
export async function tellOfContacts(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('A contact person, and their right to be forgotten');
  const organisationId = idOf(ids, 'Stiftung Offenes Haus');
  const house = await cast.representativeOf(organisationId);
  const name = 'Käthe Größmann';
  const recorded = await house.post<{ contactId: string }>('/registry/contacts', {
    organisationId,
    purposes: ['coordination'],
    consent: { givenOn: '2026-02-20', evidence: 'consents/2026/0017' },
    person: { name, email: 'kaethe@offenes-haus.example', phone: '+49 30 1234567' },
  });
  story.check('A representative records a contact person, by consent', recorded.status === 201, recorded);
  const path = `/registry/contacts/${recorded.body.contactId}`;

  const stranger = await cast.representativeOf(idOf(ids, 'Münchner Brücke e.V.'));
  const curious = await stranger.post<Problem>(`${path}/disclosure`, { purpose: 'coordination' });
  story.check('Another organisation is not told who it is', curious.status === 403, curious);
  const told = await cast.coordinator.post<Disclosure>(`${path}/disclosure`, { purpose: 'coordination' });
  story.check('A coordinator is, for the purpose it is held for', told.body.person.name === name, told);
  const reads = await askUntil(
    () => cast.auditor.get<Page<Read>>(`/registry/personal-data-reads?contactId=${recorded.body.contactId}`),
    ({ body }) => body.items.length > 0,
  );
  const [read] = reads.body.items;
  story.check(`and an auditor sees that it was read, for ${read?.purpose}`, reads.body.items.length === 1, reads.body);

  const erased = await house.delete<Erasure>(path);
  const where = erased.body.erased.map(({ table, rows }) => `${rows} row of ${table}`).join(', ');
  story.check(`Erased on request, it is said what and where: ${where}`, erased.body.erased[0]?.rows === 1, erased);
  const gone = await cast.coordinator.post<Problem>(`${path}/disclosure`, { purpose: 'coordination' });
  story.check(`Nobody is told any more: ${gone.body.code}`, gone.body.code === 'CONTACT_ERASED', gone);
}
