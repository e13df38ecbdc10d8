import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import { closed, name, scope, slug, subject, utcTime, uuid } from '../event-fields';
import { money } from '../money';
import { terms } from '../terms';

/** What applicants rely on: it is never revised, and each grant carries a copy of it. */
export const callFacts = closed({
  title: name,
  opensAt: utcTime,
  closesAt: utcTime,
  ...scope,
  minimum: money,
  maximum: money,
  /** The weights make up 100. */
  criteria: Type.Array(
    closed({
      key: slug,
      label: name,
      weightPercent: Type.Integer({ minimum: 1, maximum: 100 }),
      mostPoints: Type.Integer({ minimum: 1, maximum: 100 }),
    }),
    { minItems: 1, maxItems: 20 },
  ),
  requiredDocuments: Type.Array(slug, { maxItems: 20, uniqueItems: true }),
  /** Which cost lines an application may have. */
  costLines: Type.Array(slug, { minItems: 1, maxItems: 50, uniqueItems: true }),
  terms,
});
export type CallFacts = Static<typeof callFacts>;

/** Who may be asked for a review; the employer is the second source of institutional conflicts, besides the token. */
const member = closed({ subject, organisationId: Type.Optional(uuid) });
export type Member = Static<typeof member>;
const panel = Type.Array(member, { maxItems: 200 });

/** One stream for each call (Förderaufruf). */
export const callEvents = eventCatalogue(streamCategory('fund', 'call'), {
  CallPublished: { schema: closed({ potId: uuid, call: callFacts, panel, publishedBy: subject }) },
  PanelRevised: { schema: closed({ panel, revisedBy: subject }) },
  /** Before its time: nothing is submitted to it any more. */
  CallClosed: { schema: closed({ reasonCode: slug, closedBy: subject }) },
});

export type CallEvent = EventOf<typeof callEvents>;
