import { fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { assurance, type AssuranceCommand, type AssuranceState } from './assurance.decider';
import type { AssuranceEvent } from './assurance.events';
import { confidence, type FactKind, factKinds, organisationFacts, reminderOn, staleOn } from './freshness';

const organisationId = '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d';
const otherOrganisationId = '8e1f4d2f-7a1b-4c9f-8e63-1d7b2a3c4d5e';
const ageing = { halfLifeDays: 100, noticeDays: 30 };
const assuredAt = '2026-01-01T12:00:00.000Z';
const assuredBy = { role: 'coordinator' } as const;
const owner = { recordType: 'organisation', organisationId } as const;

const assure = (
  kinds: readonly FactKind[],
  more: { standing?: boolean; represented?: readonly string[] } = {},
): Wish => ({
  type: 'AssureFacts',
  data: { kinds, represented: [organisationId], ...more },
});

const daysLater = (days: number) => new Date(Date.parse(assuredAt) + days * 86_400_000).toISOString();

type Wish = AssuranceCommand extends infer Each ? (Each extends unknown ? Omit<Each, 'context'> : never) : never;
function by(roles: readonly string[], wish: Wish, at = assuredAt, of?: string): AssuranceCommand {
  const actor = { subject: `${roles[0]}-1`, roles, ...(of !== undefined && { organisationId: of }) };
  const id = '00000000-0000-4000-8000-000000000001';
  return {
    ...wish,
    context: { commandId: id, correlationId: 'spec', causationId: 'spec', actor, at },
  };
}
const byClock = (wish: Wish, at: string) => by([], wish, at);
const byCoordinator = (wish: Wish, at?: string) => by(['coordinator'], wish, at);
const byRepresentative = (wish: Wish, at?: string, of = organisationId) => by(['representative'], wish, at, of);

const assured = (kind: FactKind, more: object = {}) =>
  ({ type: 'FactAssured', data: { ...owner, kind, assuredAt, assuredBy, standing: false, ...more } }) as AssuranceEvent;
const reminded = (kind: FactKind, remindedAt: string) =>
  ({
    type: 'ReminderFellDue',
    data: { ...owner, kind, assuredAt, halfLifeDays: 100, remindedAt, staleOn: staleOn(assuredAt, remindedAt, ageing) },
  }) as AssuranceEvent;
const markedStale = (kind: FactKind): AssuranceEvent => ({
  type: 'FactMarkedStale',
  data: { ...owner, kind, assuredAt, halfLifeDays: 100 },
});
const remind: Wish = { type: 'RemindOfFact', data: { kind: 'seat', assuredAt, ageing } };
const markStale: Wish = { type: 'MarkFactStale', data: { kind: 'seat', assuredAt, ageing } };
const keep: Wish = { type: 'KeepFacts', data: { ...owner, kinds: organisationFacts, assuredAt, role: 'coordinator' } };

describe('the age of a fact', () => {
  it('halves the confidence in it with each half-life', () => {
    const on = (days: number) => confidence(assuredAt, daysLater(days).slice(0, 10), ageing);
    expect([0, 100, 200, 300].map(on)).toEqual([1, 0.5, 0.25, 0.125]);
    expect(on(-5)).toBe(1);
    expect(reminderOn(assuredAt, ageing)).toBe('2026-04-11');
  });

  it('makes it stale at a quarter of the confidence, and after a late reminder not before the notice has passed', () => {
    expect(staleOn(assuredAt, daysLater(100), ageing)).toBe(daysLater(200).slice(0, 10));
    expect(staleOn(assuredAt, daysLater(900), ageing)).toBe(daysLater(930).slice(0, 10));
  });
});

describe('an assurance', () => {
  it('follows from the recording for every kind of fact, and what comes late takes nothing newer back', () => {
    const facts = organisationFacts.map((kind) => assured(kind));
    expect(given(assurance.decider, []).when(byClock(keep, daysLater(1)))).toEqual(facts);
    expect(given(assurance.decider, facts).when(byClock(keep, daysLater(1)))).toEqual([]);
    const newer = assured('seat', { assuredAt: daysLater(7) });
    expect(given(assurance.decider, [...facts, newer]).when(byClock(keep, daysLater(8)))).toEqual([]);
  });

  it('is renewed by what is recorded later, also of facts that were not there before', () => {
    const renew: Wish = {
      type: 'RenewFacts',
      data: { kinds: ['seat', 'fields'], assuredAt: daysLater(3), role: 'representative' },
    };
    expect(given(assurance.decider, []).when(byClock(renew, daysLater(4)))).toEqual([]);
    const more = { assuredAt: daysLater(3), assuredBy: { role: 'representative', organisationId } };
    expect(given(assurance.decider, [assured('seat', { standing: true })]).when(byClock(renew, daysLater(4)))).toEqual([
      assured('seat', { ...more, standing: true }),
      assured('fields', more),
    ]);
  });

  it('is renewed by who represents the organisation, and by a coordinator', () => {
    const wish = assure(['seat', 'seat']);
    const at = daysLater(5);
    expect(given(assurance.decider, [assured('seat')]).when(byRepresentative(wish, at))).toEqual([
      assured('seat', { assuredAt: at, assuredBy: { role: 'representative', organisationId } }),
    ]);
    expect(given(assurance.decider, [assured('seat')]).when(byCoordinator(wish, at))).toEqual([
      assured('seat', { assuredAt: at }),
    ]);
    expect(
      given(assurance.decider, [assured('seat')]).when(
        byRepresentative(assure(['seat'], { represented: [otherOrganisationId] }), at, otherOrganisationId),
      ),
    ).toMatchObject({ refused: 'forbidden', code: 'ASSURANCE_NOT_YOURS' });
  });

  it('of one that was merged is renewed by who represents the surviving one, and says so', () => {
    const at = daysLater(5);
    const wish = (represented: readonly string[]) => assure(['offer'], { represented });
    const offer = assured('offer', { recordType: 'structure' });
    const survivors = byRepresentative(wish([otherOrganisationId, organisationId]), at, otherOrganisationId);
    expect(given(assurance.decider, [offer]).when(survivors)).toMatchObject([
      { data: { organisationId, assuredBy: { role: 'representative', organisationId: otherOrganisationId } } },
    ]);
    expect(given(assurance.decider, [offer]).when(byRepresentative(wish([]), at))).toMatchObject({
      code: 'ASSURANCE_NOT_YOURS',
    });
  });

  it('is of facts that the record has', () => {
    const wish = assure(['seat', 'capacity']);
    expect(given(assurance.decider, []).when(byCoordinator(wish))).toMatchObject({ code: 'ASSURANCE_UNKNOWN' });
    expect(given(assurance.decider, [assured('seat')]).when(byCoordinator(wish))).toMatchObject({
      refused: 'unprocessable',
      code: 'ASSURANCE_KIND_UNKNOWN',
      data: { unknown: ['capacity'], kept: ['seat'] },
    });
  });

  it('makes a fact a standing one, or one that ages again, by a coordinator only', () => {
    const wish = (standing: boolean) => assure(['seat'], { standing });
    const at = daysLater(5);
    expect(given(assurance.decider, [assured('seat')]).when(byRepresentative(wish(true), at))).toMatchObject({
      code: 'ASSURANCE_STANDING_BY_COORDINATOR',
    });
    const standing = assured('seat', { assuredAt: at, standing: true });
    expect(given(assurance.decider, [assured('seat')]).when(byCoordinator(wish(true), at))).toEqual([standing]);
    const renew = assure(['seat']);
    expect(given(assurance.decider, [standing]).when(byRepresentative(renew, daysLater(9)))).toMatchObject([
      { data: { standing: true } },
    ]);
    expect(given(assurance.decider, [standing]).when(byCoordinator(wish(false), daysLater(9)))).toMatchObject([
      { data: { standing: false, assuredAt: daysLater(9) } },
    ]);
  });

  it('is reminded of when confidence has halved, and the fact marked stale when nobody renews it', () => {
    const facts = [assured('seat')];
    expect(given(assurance.decider, facts).when(byClock(remind, daysLater(99)))).toEqual([]);
    expect(given(assurance.decider, facts).when(byClock(remind, daysLater(100)))).toEqual([
      reminded('seat', daysLater(100)),
    ]);
    facts.push(reminded('seat', daysLater(100)));
    expect(given(assurance.decider, facts).when(byClock(remind, daysLater(150)))).toEqual([]);
    expect(given(assurance.decider, facts).when(byClock(markStale, daysLater(199)))).toEqual([]);
    expect(given(assurance.decider, facts).when(byClock(markStale, daysLater(200)))).toEqual([markedStale('seat')]);
    facts.push(markedStale('seat'));
    expect(given(assurance.decider, facts).when(byClock(markStale, daysLater(201)))).toEqual([]);
    const renew = assure(['seat']);
    expect(given(assurance.decider, facts).when(byCoordinator(renew, daysLater(201)))).toEqual([
      assured('seat', { assuredAt: daysLater(201) }),
    ]);
  });

  it('ends when its record is no longer kept up', () => {
    const retire: Wish = { type: 'RetireFacts', data: {} };
    const retired: AssuranceEvent = { type: 'FactRetired', data: { ...owner, kind: 'seat' } };
    expect(given(assurance.decider, []).when(byClock(retire, assuredAt))).toEqual([]);
    expect(given(assurance.decider, [assured('seat')]).when(byClock(retire, assuredAt))).toEqual([retired]);
    const after = given(assurance.decider, [assured('seat'), retired]);
    expect(after.when(byClock(retire, assuredAt))).toEqual([]);
    expect(after.when(byClock(remind, daysLater(500)))).toEqual([]);
    expect(after.when(byCoordinator(assure(['seat'])))).toMatchObject({
      code: 'ASSURANCE_UNKNOWN',
    });
  });
});

describe('whatever sequence of ticks, restarts and assurances', () => {
  const someKinds = fc.uniqueArray(fc.constantFrom(...organisationFacts), { minLength: 1 });
  const someAction = fc.oneof(
    fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 150 }) }),
    // The read model may be behind: a tick gives commands for old assurances as well as for new ones, and both again.
    fc.record({
      do: fc.constant('tick' as const),
      halfLifeDays: fc.constantFrom(50, 100),
      noticeDays: fc.constantFrom(0, 30),
    }),
    fc.record({ do: fc.constant('assure' as const), kinds: someKinds, standing: fc.option(fc.boolean()) }),
    fc.record({ do: fc.constant('keep' as const), daysAgo: fc.integer({ min: 0, max: 50 }) }),
  );

  it('there is one reminder and one mark for each assurance at most, never before their time, and in the end there are both', () => {
    fc.assert(
      fc.property(fc.array(someAction, { maxLength: 40 }), (actions) => {
        let state: AssuranceState = assurance.decider.initialState;
        let nowMs = Date.parse(assuredAt);
        const events: AssuranceEvent[] = [];
        const now = () => new Date(nowMs).toISOString();
        const send = (command: AssuranceCommand, rule = ageing) => {
          const decision = assurance.decider.decide(command, state);
          if (isRefusal(decision)) return;
          for (const event of decision) check(event, rule);
          state = fold(assurance.decider.evolve, state, decision);
          events.push(...decision);
        };
        const ofAssurance = (type: AssuranceEvent['type'], data: { kind: FactKind; assuredAt: string }) =>
          events.flatMap((event) =>
            event.type === type &&
            event.data.kind === data.kind &&
            'assuredAt' in event.data &&
            event.data.assuredAt === data.assuredAt
              ? [event]
              : [],
          );
        const check = (event: AssuranceEvent, rule: typeof ageing) => {
          if (event.type !== 'ReminderFellDue' && event.type !== 'FactMarkedStale') return;
          const { kind } = event.data;
          expect(ofAssurance(event.type, event.data)).toEqual([]);
          expect(ofAssurance('FactAssured', event.data).at(-1)).toMatchObject({ data: { standing: false } });
          const newest = events.findLast(({ type, data }) => type === 'FactAssured' && data.kind === kind);
          expect(newest).toMatchObject({ data: { assuredAt: event.data.assuredAt } });
          const faith = confidence(event.data.assuredAt, now().slice(0, 10), rule);
          expect(faith).toBeLessThanOrEqual(event.type === 'ReminderFellDue' ? 0.5 : 0.25);
          if (event.type === 'FactMarkedStale') {
            const [reminder] = ofAssurance('ReminderFellDue', event.data) as { data: { remindedAt: string } }[];
            const noticeMs = rule.noticeDays * 86_400_000;
            const startOfDay = Date.parse(`${reminder?.data.remindedAt.slice(0, 10)}T00:00:00Z`);
            expect(nowMs).toBeGreaterThanOrEqual(startOfDay + noticeMs);
          }
        };
        const tick = (rule = ageing) => {
          for (const event of events.filter(({ type }) => type === 'FactAssured')) {
            const data = { ...(event.data as { kind: FactKind; assuredAt: string }), ageing: rule };
            for (const type of ['RemindOfFact', 'MarkFactStale', 'RemindOfFact'] as const) {
              send(byClock({ type, data }, now()), rule);
            }
          }
        };
        for (const action of actions) {
          nowMs += 1;
          if (action.do === 'wait') nowMs += action.days * 86_400_000;
          else if (action.do === 'tick') tick(action);
          else if (action.do === 'assure') {
            const more = action.standing === null ? {} : { standing: action.standing };
            send(byCoordinator(assure(action.kinds, more), now()));
          } else {
            const then = new Date(nowMs - action.daysAgo * 86_400_000).toISOString();
            send(byClock({ ...keep, data: { ...keep.data, assuredAt: then } }, now()));
          }
        }
        nowMs += 10 * 365 * 86_400_000;
        tick();
        nowMs += ageing.noticeDays * 86_400_000;
        tick();
        for (const kind of factKinds) {
          const newest = events.findLast(({ type, data }) => type === 'FactAssured' && data.kind === kind);
          if (newest?.type !== 'FactAssured') continue;
          const times = newest.data.standing ? 0 : 1;
          expect(ofAssurance('ReminderFellDue', newest.data)).toHaveLength(times);
          expect(ofAssurance('FactMarkedStale', newest.data)).toHaveLength(times);
        }
      }),
    );
  });
});
