import type { Problem } from '../api-client';
import { askUntil, type Cast } from './cast';
import { idOf, type Page } from './steps';
import type { Story } from './story';

interface Overlaps {
  readonly demands: string;
  readonly items: readonly { readonly score: number; readonly suggestion: string }[];
}
interface Recorded {
  readonly structureId: string;
  readonly stage: string;
}
interface Presence {
  readonly structureId: string;
}

/** What exists already, and how a second one of the same is stopped before it begins. Ends with the one that exists. */
export async function tellOfDoubleStructures(
  story: Story,
  cast: Cast,
  ids: ReadonlyMap<string, string>,
): Promise<string> {
  const advice = await firstOfItsKind(story, cast, ids);
  await secondOfItsKind(story, cast, ids);
  await whoDoesWhatWhere(story, cast, advice);
  return advice;
}

const scope = {
  fieldKeys: ['orientation'],
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
};
const legalAdvice = { ...scope, operatingSince: '2022-04-01' };

async function firstOfItsKind(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<string> {
  story.chapter('What exists: a structure of an organisation');
  const organisationId = idOf(ids, 'Münchner Brücke e.V.');
  const bridge = await cast.representativeOf(organisationId);
  const recorded = await bridge.post<Recorded>('/registry/structures', {
    ...legalAdvice,
    organisationId,
    name: 'Rechtsberatung an der Brücke',
    capacity: { quantity: 40, unit: 'consultations-a-week' },
  });
  story.check('Münchner Brücke records its legal advice for families in München', recorded.status === 201, recorded);
  const forOthers = await bridge.post<Problem>('/registry/structures', {
    ...legalAdvice,
    organisationId: idOf(ids, 'Stiftung Offenes Haus'),
    name: 'Fremde Feder',
  });
  story.check('It cannot record one for another organisation', forOthers.status === 403, forOthers);
  const id = recorded.body.structureId;
  const confirmed = await cast.secondCoordinator.post(`/registry/structures/${id}/confirmation`, {});
  story.check('A coordinator confirms it', confirmed.status === 204, confirmed);
  return id;
}

async function secondOfItsKind(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('A double structure, stopped');
  const organisationId = idOf(ids, 'Stiftung Offenes Haus');
  const house = await cast.representativeOf(organisationId);
  const asked = await askUntil(
    () => house.post<Overlaps>('/registry/overlaps', scope),
    ({ body }) => body.items.length > 0,
  );
  const [closest] = asked.body.items;
  story.tell(`Stiftung Offenes Haus plans the same in the same city; the gate demands: ${asked.body.demands}`);
  story.check(
    `and says: “${closest?.suggestion}” (overlap ${closest?.score})`,
    closest?.suggestion.startsWith('Join Rechtsberatung an der Brücke') === true && asked.body.demands === 'consent',
    asked.body,
  );
  const proposal = { ...legalAdvice, organisationId, name: 'Rechtsberatung im Offenen Haus' };
  const unreasoned = await house.post<Problem>('/registry/structures', proposal);
  story.check(`Without a reason it ends there: ${unreasoned.body.code}`, unreasoned.status === 409, unreasoned);

  const reason = 'Beratung am Abend, wenn die andere geschlossen ist.';
  const proposed = await house.post<Recorded>('/registry/structures', { ...proposal, reason });
  story.check('With a reason it waits for a second person', proposed.body.stage === 'proposed', proposed.body);
  const path = `/registry/structures/${proposed.body.structureId}`;
  const alone = await house.post<Problem>(`${path}/consent`, {});
  story.check('Who proposed it cannot consent', alone.status === 403, alone);
  const withdrawn = await house.post(`${path}/withdrawal`, { reasonCode: 'joins-existing' });
  story.check('It is withdrawn: the foundation joins the existing one', withdrawn.status === 204, withdrawn);
}

async function whoDoesWhatWhere(story: Story, { auditor }: Cast, structureId: string): Promise<void> {
  story.chapter('Who does what where');
  const bavaria = await askUntil(
    () => auditor.get<Page<Presence>>('/registry/presence?field=orientation&within=09000000'),
    ({ body }) => body.items.length > 0,
  );
  story.check(
    'Whoever asks for orientation in Bayern finds the advice in München, and nothing that was withdrawn',
    bavaria.body.items.length === 1 && bavaria.body.items[0]?.structureId === structureId,
    bavaria.body,
  );
}
