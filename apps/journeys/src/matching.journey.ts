import type { ApiClient } from '@alliance/standalone';
import { addWeeks, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import type { Alliance } from './world/alliance';
import { eventually } from './world/eventually';
import { day, member } from './world/fund-steps';
import { journeys } from './world/journeys';
import { NodeProcess } from './world/node-process';
import { expectStatus } from './world/registry-steps';

const KILLS = 4;
/** About as long as the service works on a last acceptance. */
const MOST_PAUSE_MS = 60;
/** More than all offers suffice for. */
const NEEDS = 20;
const MATCHING = '/capacity-matching';

const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };
/** The next whole week. */
const week = addWeeks(weekOf(berlinDayOf(new Date().toISOString())), 1);
const shared = {
  ...{ from: mondayOf(week), until: day(60), languages: [], fieldKeys: ['orientation'], isRemotePossible: false },
  excludedOrganisationIds: [],
};
const offer = { ...shared, regionKeys: ['09000000'], minutesPerWeek: 600, skills: [], seats: 1, leadTimeDays: 0 };
const need = {
  ...{ ...shared, regionKey: '09000000', minutesPerWeek: 150, neededBy: day(20), mustSkills: [], niceSkills: [] },
  ...{ severity: 2, strain: 'overloaded', peoplePerHelper: 30, requiredQualifications: [] },
};

interface Matching {
  readonly coordinator: ApiClient;
  readonly supporting: ApiClient;
  readonly helping: ApiClient;
  readonly supportingId: string;
  readonly offerId: string;
}

/** Two members of the alliance, of which the one offers ten hours a week; all that is needed for it comes through Kafka. */
async function offered(alliance: Alliance, name: string): Promise<Matching> {
  const supportingId = await member(alliance, `${name} hilft`);
  const helpingId = await member(alliance, `${name} sucht`);
  const actingFor = (organisationId: string) =>
    alliance.client('capacity-matching', {
      ...{ subject: `representative-of-${organisationId}`, roles: ['representative'], organisationId },
    });
  const [supporting, helping] = [await actingFor(supportingId), await actingFor(helpingId)];
  const published = await eventually(() =>
    expectStatus(supporting.post<{ offerId: string }>(`${MATCHING}/offers`, offer), 201),
  );
  const { offerId } = published.body;
  return {
    coordinator: await alliance.client('capacity-matching', coordinator),
    supporting,
    helping,
    supportingId,
    offerId,
  };
}

const opened = (helping: ApiClient) => helping.post<{ needId: string }>(`${MATCHING}/needs`, need);

/** Two and a half hours of the week for a need of their own, held by the offer. */
async function proposal({ coordinator, helping, offerId }: Matching): Promise<string> {
  const { needId } = (await eventually(() => expectStatus(opened(helping), 201))).body;
  const weeks = [{ from: week, to: week, minutes: 150 }];
  const proposed = coordinator.post<{ allocationId: string; isSecured: boolean }>(`${MATCHING}/allocations`, {
    ...{ offerId, needId, weeks },
  });
  const { allocationId, isSecured } = (await expectStatus(proposed, 201)).body;
  expect(isSecured).toBe(true);
  return allocationId;
}

interface Week {
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
}

async function weekOfOffer({ coordinator, offerId }: Matching): Promise<Week | undefined> {
  const path = `${MATCHING}/offers/${offerId}?fromWeek=${week}&weeks=1`;
  return (await expectStatus(coordinator.get<{ weeks: readonly Week[] }>(path), 200)).body.weeks[0];
}

async function stageOf({ coordinator }: Matching, allocationId: string): Promise<string> {
  const path = `${MATCHING}/allocations/${allocationId}`;
  return (await expectStatus(coordinator.get<{ stage: string }>(path), 200)).body.stage;
}

async function audit(alliance: Alliance, args: readonly string[]): Promise<void> {
  const process = NodeProcess.start('apps/audit/src/main.ts', args, { EVENTSTORE_URL: alliance.eventStore.url });
  expect({ exit: await process.exit(), output: process.output }).toMatchObject({ exit: 0 });
}

journeys(
  'capacity-matching complete',
  { services: ['registry', 'capacity-matching'], settings: { ROUND_GRACE_MS: '0' } },
  {
    async 'A suspension in the registry gives back what an offer holds, through Kafka only'(alliance) {
      const registry = await alliance.client('registry', coordinator);
      const field = { key: 'orientation', nameDe: 'Ankommen', nameEn: 'Arrival', validFrom: '2022-03-01' };
      await expectStatus(registry.post('/registry/fields-of-action', field), 201);
      const matching = await offered(alliance, 'Nachbarn');
      const allocationId = await proposal(matching);
      await eventually(async () => expect(await weekOfOffer(matching)).toMatchObject({ held: 150, free: 450 }));

      const organisation = `/registry/organisations/${matching.supportingId}`;
      await expectStatus(registry.post(`${organisation}/suspension`, { reasonCode: 'report-overdue' }), 204);
      await eventually(async () => {
        expect(await stageOf(matching, allocationId)).toBe('released');
        // Nothing of it is to be had as long as it is paused.
        expect(await weekOfOffer(matching)).toMatchObject({ held: 0, confirmed: 0, free: 0 });
      });
      const again = await matching.supporting.post<{ code: string }>(`${MATCHING}/offers`, offer);
      expect(again.body.code).toBe('ORGANISATION_NOT_ADMITTED');
      await expectStatus(registry.post(`${organisation}/reinstatement`, {}), 204);
      await eventually(async () => expect(await weekOfOffer(matching)).toMatchObject({ held: 0, free: 600 }));
      await eventually(async () => expect(await proposal(matching)).toBeDefined());
    },

    async 'An acceptance whose service is killed starts its allocation once, and no week is oversold'(alliance) {
      const matching = await offered(alliance, 'Brücke');
      const { supporting, helping } = matching;
      for (let count = 0; count < KILLS; count += 1) {
        const allocationId = await proposal(matching);
        const accept = (client: ApiClient) => client.post(`${MATCHING}/allocations/${allocationId}/acceptance`, {});
        await expectStatus(accept(supporting), 200);
        // Its answer may be lost with the process: what it has done is asked for afterwards.
        const sent = accept(helping).catch(() => undefined);
        await new Promise((wake) => setTimeout(wake, Math.random() * MOST_PAUSE_MS));
        await alliance.service('capacity-matching').process.kill();
        await Promise.all([sent, alliance.service('capacity-matching').restart()]);
        await eventually(async () => {
          // Accepted again where the first word was lost; where it was not, there is nothing left to accept.
          await accept(helping);
          expect(await stageOf(matching, allocationId)).toBe('started');
        });
      }
      await eventually(async () =>
        expect(await weekOfOffer(matching)).toMatchObject({ confirmed: 600, held: 0, free: 0 }),
      );
      await audit(alliance, ['check']);
    },

    async 'A matching round whose service is killed is carried on: every need is served or explained, once'(alliance) {
      const matching = await offered(alliance, 'Runde');
      const { coordinator, helping } = matching;
      const open = async () => (await expectStatus(opened(helping), 201)).body.needId;
      // Until the first, the service may have yet to hear of them.
      const first = await eventually(open);
      const needIds = [first, ...(await Promise.all(Array.from({ length: NEEDS - 1 }, open)))];
      await eventually(() =>
        Promise.all(needIds.map((id) => expectStatus(coordinator.get(`${MATCHING}/needs/${id}`), 200))),
      );
      const wanted = { weeks: 2, timeLimitMs: 1000 };
      const requested = coordinator.post<{ roundId: string }>(`${MATCHING}/rounds`, wanted);
      const { roundId } = (await expectStatus(requested, 201)).body;
      // The thread that is to solve it has not begun by then.
      await alliance.service('capacity-matching').process.kill();
      await alliance.service('capacity-matching').restart();

      const round = `${MATCHING}/rounds/${roundId}`;
      await eventually(async () =>
        expect((await coordinator.get<object>(round)).body).toMatchObject({ status: 'solved' }),
      );
      const items = async (path: string) => {
        const found = coordinator.get<{ items: readonly { needId: string; offerId: string }[] }>(`${path}limit=100`);
        return (await expectStatus(found, 200)).body.items;
      };
      const [proposals, unserved] = [await items(`${round}/proposals?`), await items(`${round}/unserved?`)];
      expect([proposals, unserved]).not.toContainEqual([]);
      const named = [...proposals, ...unserved].map(({ needId }) => needId);
      expect(named).toEqual(expect.arrayContaining(needIds));
      const pairs = (of: typeof proposals) => of.map(({ needId, offerId }) => `${needId} ${offerId}`).sort();
      await eventually(async () =>
        expect(pairs(await items(`${MATCHING}/allocations?roundId=${roundId}&`))).toEqual(pairs(proposals)),
      );
      // Once all are held, too.
      await eventually(async () => expect((await weekOfOffer(matching))?.free).toBe(0));
      await audit(alliance, ['round', roundId, '--replay']);
      await audit(alliance, ['check']);
    },
  },
);
