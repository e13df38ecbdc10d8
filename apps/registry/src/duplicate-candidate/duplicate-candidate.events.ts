import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, Type } from '@sinclair/typebox';
import { reasonKinds } from './likeness';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
/** Pseudonymous; never a name or an address. */
const subject = Type.String({ minLength: 1, maxLength: 255 });

/** One stream for each pair that was ever found to be alike; its id follows from the ids of both. */
export const duplicateCandidateEvents = eventCatalogue(streamCategory('registry', 'duplicate-candidate'), {
  DuplicateSuspected: {
    schema: closed({
      /** In the order of their ids. */
      organisationIds: Type.Array(uuid, { minItems: 2, maxItems: 2 }),
      score: Type.Number({ minimum: 0, maximum: 1 }),
      reasons: Type.Array(
        closed({
          kind: Type.Union(reasonKinds.map((kind) => Type.Literal(kind))),
          weight: Type.Number({ description: 'In bits: +1 doubles the odds.' }),
          text: Type.String({ minLength: 1, maxLength: 2000 }),
        }),
        { maxItems: 20 },
      ),
      /** Who applied for them: no one decides on what they have applied for. */
      appliedBy: Type.Array(subject, { minItems: 1, maxItems: 2 }),
    }),
  },
  DuplicateDismissed: {
    schema: closed({
      reasonCode: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
      note: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
      dismissedBy: subject,
    }),
  },
  /** They are one: the merge of the two is in the streams of both, with who decided it and why. */
  DuplicateConfirmed: { schema: closed({}) },
  /** Their merge was undone, which says no more than that: whether they are two is to be judged anew. */
  DuplicateReopened: { schema: closed({}) },
});

export type DuplicateCandidateEvent = EventOf<typeof duplicateCandidateEvents>;
type DataOf<Name extends DuplicateCandidateEvent['type']> = Extract<DuplicateCandidateEvent, { type: Name }>['data'];
export type Suspicion = DataOf<'DuplicateSuspected'>;
