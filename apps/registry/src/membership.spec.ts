import { fold } from '@alliance/event-sourcing';
import { allFrom } from './organisation/merge.given';
import { organisation } from './organisation/organisation.decider';
import type { OrganisationEvent } from './organisation/organisation.events';
import { admissionDecided, admitted, applied, suspended, verified } from './organisation/organisation.given';
import { isMember } from './membership';

const other = '11111111-1111-4111-8111-111111111111';
const decided: OrganisationEvent = {
  type: 'MergeDecided',
  data: {
    ...{ attempt: 2, intoOrganisationId: other, factsFrom: allFrom('survivor') },
    ...{ reasonCode: 'duplicate', decidedBy: 'coordinator-1' },
  },
};
const merged = (fromStage: 'verified' | 'admitted'): OrganisationEvent => ({
  type: 'OrganisationMerged',
  data: { attempt: 2, intoOrganisationId: other, fromStage },
});
const undone = (toStage: 'verified' | 'admitted'): OrganisationEvent => ({
  type: 'MergeUndone',
  data: { attempt: 2, fromOrganisationId: other, toStage },
});
const member = [applied, verified, admissionDecided, admitted];

it.each<[string, boolean, readonly OrganisationEvent[]]>([
  ['is not, before its admission', false, [applied, verified, admissionDecided]],
  ['is, from its admission on', true, member],
  ['is not, while it is suspended', false, [...member, suspended]],
  ['still is, while its merge is only decided', true, [...member, decided]],
  ['still is not, while its merge is only decided', false, [applied, verified, decided]],
  ['is not, once it is merged', false, [...member, decided, merged('admitted')]],
  ['is again, when its merge is undone', true, [...member, decided, merged('admitted'), undone('admitted')]],
  ['never was, so the undo makes it none', false, [applied, verified, decided, merged('verified'), undone('verified')]],
])('whether an organisation is a member: it %s', (_, expected, history) => {
  const { evolve, initialState } = organisation.decider;
  expect(isMember(fold(evolve, initialState, history))).toBe(expected);
});
