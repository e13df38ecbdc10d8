import { type Static } from '@sinclair/typebox';
import { closed, oneOf, utcTime, uuid } from '../event-fields';

/** Of an organisation in the alliance; `unknown`: nobody has told of it (yet). */
export const standing = oneOf(['admitted', 'suspended', 'left', 'unknown']);
export type Standing = Static<typeof standing>;

/** Of the recipient, after merges of the record that survives, and since when. */
export const recipientStanding = { standing, survivorId: uuid, since: utcTime };

export const standingDefinitions = {
  /** What the registry told of the recipient, kept with the grant: what is decided after it is decided under it. */
  RecipientStandingChanged: { schema: closed({ organisationId: uuid, ...recipientStanding }) },
};
