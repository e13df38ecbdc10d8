import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import {
  closed,
  day,
  fieldKeys,
  languages,
  oneOf,
  organisationIds,
  regionKey,
  skills,
  slug,
  subject,
  uuid,
  weeklyWindow,
} from '../event-fields';

/** How strained the helping organisation is as a whole, by the scale that municipalities use. */
export const strains = ['manageable', 'challenging', 'overloaded'] as const;

/** From 1 to 3: what happens if nobody comes. 3: somebody is harmed. */
export const MOST_SEVERE = 3;

const needFacts = closed({
  mustSkills: skills,
  niceSkills: skills,
  /** All of them are needed. */
  languages,
  /** One of them is enough for an offer. */
  fieldKeys,
  regionKey,
  isRemotePossible: Type.Boolean(),
  ...weeklyWindow,
  /** By when help must have begun. */
  neededBy: day,
  /** Of this need. Neither follows from the date nor from the strain. */
  severity: Type.Integer({ minimum: 1, maximum: MOST_SEVERE }),
  /** Of the organisation. */
  strain: oneOf(strains),
  /** How many people one helper of the organisation cares for at present. */
  peoplePerHelper: Type.Integer({ minimum: 0, maximum: 10_000 }),
  /** Qualifications without proof of which nobody may help, such as for work with children. */
  requiredQualifications: Type.Array(slug, { maxItems: 20, uniqueItems: true }),
  excludedOrganisationIds: organisationIds,
  /** More supporting offers than these at once cannot be looked after; any number when absent. */
  mostSupporters: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
});
export type NeedFacts = Static<typeof needFacts>;

/** One stream for each need of a helping organisation. */
export const needEvents = eventCatalogue(streamCategory('capacity-matching', 'need'), {
  NeedOpened: { schema: closed({ organisationId: uuid, facts: needFacts, openedBy: subject }) },
  NeedRevised: { schema: closed({ facts: needFacts, revisedBy: subject }) },
  /** By a coordinator, who looks over all needs. */
  NeedPrioritised: {
    schema: closed({ severity: Type.Integer({ minimum: 1, maximum: MOST_SEVERE }), reasonCode: slug }),
  },
  NeedClosed: {
    schema: closed({
      reasonCode: oneOf(['fulfilled', 'fulfilled-elsewhere', 'withdrawn', 'organisation-left', 'past']),
    }),
  },
});

export type NeedEvent = EventOf<typeof needEvents>;
