import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const holder = Type.Object(
  { organisationId: uuid, attempt: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);

/** One stream for each identifier, named by its `registrationKey`: the guard of "held by one organisation at most". */
export const registrationEvents = eventCatalogue(streamCategory('registry', 'registration'), {
  RegistrationClaimed: { schema: holder },
  RegistrationReleased: { schema: holder },
});

export type RegistrationEvent = EventOf<typeof registrationEvents>;
