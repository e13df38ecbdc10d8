import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { conflictDefinitions } from '../conflict-of-interest/conflict.events';
import { proofDefinitions } from '../proof-of-use/proof.events';
import { standingDefinitions } from '../recipient-standing/recipient-standing.events';
import { reviewDefinitions } from '../review/review.events';
import { trancheDefinitions } from '../tranche/tranche.events';
import { applicationDefinitions } from './application.events';
import { decisionDefinitions } from './decision.events';

/**
 * One stream for each grant, from its draft to its closing, over which several deciders judge: whatever two of them must
 * not do at once is guarded by its one revision. Each slice defines its own events.
 */
export const grantEvents = eventCatalogue(streamCategory('fund', 'grant'), {
  ...applicationDefinitions,
  ...conflictDefinitions,
  ...reviewDefinitions,
  ...decisionDefinitions,
  ...trancheDefinitions,
  ...proofDefinitions,
  ...standingDefinitions,
});

export type GrantEvent = EventOf<typeof grantEvents>;
export type DataOf<EventType extends GrantEvent['type']> = Extract<GrantEvent, { type: EventType }>['data'];
