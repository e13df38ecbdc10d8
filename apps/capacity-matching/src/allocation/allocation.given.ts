import type { AllocationEvent } from './allocation.events';

const supportingOrganisationId = '5f0c1c44-0c0f-4b8e-8f6e-0d3a6f3d9a01';
const helpingOrganisationId = '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02';

/** Five hours a week, over two weeks. */
export const proposed: Extract<AllocationEvent, { type: 'AllocationProposed' }> = {
  type: 'AllocationProposed',
  data: {
    offerId: '3b6f6b0e-6d0b-4d9c-9a77-0a4f0d1a5c03',
    needId: '7e2f8e55-40d4-4f0f-8a4a-5b1f4e7d2b04',
    supportingOrganisationId,
    helpingOrganisationId,
    weeks: [{ from: '2026-W15', to: '2026-W16', minutes: 300 }],
    expiresAt: '2026-04-04T08:00:00.000Z',
  },
};
export const secured: AllocationEvent = { type: 'CapacitySecured', data: {} };
export const accepted = (side: 'helping' | 'supporting', by: string = side): AllocationEvent => ({
  type: 'AllocationAccepted',
  data: { side, acceptedBy: by },
});
export const started: readonly AllocationEvent[] = [
  proposed,
  secured,
  accepted('helping'),
  accepted('supporting'),
  { type: 'AllocationStarted', data: {} },
];
