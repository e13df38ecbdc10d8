import { AuditWorld } from './audit.given';
import { aTale } from './tale.given';

const { tale, ids } = aTale();
let world: AuditWorld;
let positions: ReadonlyMap<string, string>;
beforeAll(async () => {
  world = await AuditWorld.start();
  positions = await world.plant(tale);
  await world.plant(aTale().tale);
});
afterAll(() => world.stop());
const at = (key: string) => positions.get(key) ?? '';

describe('grant <id>: the whole history in order, who decided what on which version with which reason', () => {
  it('tells it from the streams of the grant, its call and its pot', async () => {
    const { entries } = await world.json(['grant', ids.grant]);
    const concerned = tale.filter(({ key }) => !['pot', 'contribution'].includes(key));
    expect(entries.map(({ position }: { position: string }) => position)).toEqual(concerned.map(({ key }) => at(key)));
    expect(entries.find(({ event }: { event: string }) => event === 'DecisionProposed')).toMatchObject({
      ...{ by: 'officer-1', version: 1, reason: 'Beide Gutachten\nempfehlen es.', at: '2026-03-01T11:00:00.000Z' },
    });
    expect(entries.find(({ event }: { event: string }) => event === 'DecisionApproved')).toMatchObject({
      ...{ by: 'approver-1', roles: ['approver'], version: 1 },
    });
  });

  it('prints a line for each event, whatever was written into it, and goes from page to page', async () => {
    const { lines } = await world.run(['grant', ids.grant]);
    expect(lines).toHaveLength(1 + tale.length - 2);
    expect(lines.find((line) => line.includes('DecisionProposed'))).toMatch(
      /officer-1.*1 +Beide Gutachten empfehlen es/,
    );
    const first = await world.run(['grant', ids.grant, '--limit', '2']);
    expect(first.lines.slice(1)).toEqual([
      expect.stringContaining('CallPublished'),
      expect.stringContaining('GrantDrafted'),
      `More: --after ${at('drafted')}`,
    ]);
    const second = await world.json(['grant', ids.grant, '--limit', '100', '--after', at('drafted')]);
    expect(second.entries[0].position).toBe(at('submitted'));
    expect(second.next).toBeUndefined();
  });

  it('--at: the state at that moment, and which events it rests on', async () => {
    const then = await world.json(['grant', ids.grant, '--at', at('approved 1')]);
    expect(then).toMatchObject({
      stage: { value: 'recommended', restsOn: [at('proposed')] },
      recommended: { value: { cents: 1_000_000, currency: 'EUR' }, restsOn: [at('proposed')] },
      'approved by': { value: ['approver-1'], restsOn: [at('proposed'), at('approved 1')] },
      awarded: { value: { cents: 0 }, restsOn: [at('drafted')] },
    });
    const paidAt = tale.find(({ key }) => key === 'paid')?.at ?? '';
    const paid = await world.json(['grant', ids.grant, '--at', paidAt]);
    expect(paid).toMatchObject({
      stage: { value: 'contracted' },
      disbursed: { value: { cents: 600_000 }, restsOn: [at('drafted'), at('paid')] },
      returned: { value: { cents: 0 } },
      [`tranche ${ids.first}.stage`]: { value: 'paid', restsOn: [at('paid')] },
    });
    const atTheEnd = await world.run(['grant', ids.grant, '--at', '2026-03-31']);
    expect(atTheEnd.lines).toContainEqual(expect.stringMatching(/^stage +closed +\d+\/\d+$/));
    expect(atTheEnd.lines).toContainEqual(expect.stringMatching(/^returned +500\.00 EUR/));
  });

  it('--diff A B: what changed from one moment to the other', async () => {
    const { lines } = await world.run(['grant', ids.grant, '--diff', at('decided'), at('awarded')]);
    expect(lines).toContainEqual(`stage: awarding → awarded  by ${at('awarded')}`);
    expect(lines).toContainEqual(`awarded: 0.00 EUR → 10,000.00 EUR  by ${at('awarded')}`);
    expect((await world.run(['grant', '--diff', '2026-03-31', '2026-03-31', ids.grant])).lines).toEqual([]);
  });
});

describe('why <grant or payment>: the chain of causes across services by causation id', () => {
  it('leads from what the pot did back to the command of a person', async () => {
    const { causes } = await world.json(['why', ids.payment]);
    expect(causes.map(({ event }: { event: string }) => event)).toEqual([
      'TrancheRequested',
      'PaymentOrdered',
      'TranchePaid',
    ]);
    const { causes: ofGrant } = await world.json(['why', ids.grant]);
    const confirmed = ofGrant.find(({ event }: { event: string }) => event === 'AwardConfirmed');
    const awarded = ofGrant.find(({ eventId }: { eventId: string }) => eventId === confirmed.causedBy.event);
    expect([awarded.event, awarded.position]).toEqual(['GrantAwarded', at('awarded')]);
    const decided = ofGrant.find(({ eventId }: { eventId: string }) => eventId === awarded.causedBy.event);
    expect([decided.event, decided.by, decided.causedBy]).toEqual([
      'AwardDecided',
      'approver-2',
      { command: decided.commandId },
    ]);
    const { lines } = await world.run(['why', ids.grant]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {4}\S+ +\S+ +AwardConfirmed in .*, because of GrantAwarded at /),
    );
  });
});

describe('whatever is asked wrongly is told of in one line, with what would be right', () => {
  it.each([
    [['grants'], '"grants" is no command; there are: grant, allocation, round, fund, check, why.'],
    [['grant'], 'one id is needed; expected grant <id>'],
    [['grant', 'x'], '"x" is no id; expected a UUID'],
    [['grant', ids.pot], `There is no grant ${ids.pot}.`],
    [['grant', ids.grant, '--at', '2026-02-30'], '--at "2026-02-30" is no moment; expected a position'],
    [['grant', ids.grant, '--at', '2020-01-01'], 'did not exist yet at 2020-01-01'],
    [['grant', ids.grant, '--diff', '2026-03-01'], '--diff needs two moments'],
    [['grant', ids.grant, '--limit', '0'], '--limit "0" is no number of lines'],
    [['grant', ids.grant, '--colour'], "Unknown option '--colour'"],
    [['fund', '--from', '2026-13-01'], '--from "2026-13-01" is no day'],
    [['fund', '--from', '2026-03-02', '--to', '2026-03-01'], '--from 2026-03-02 lies after --to 2026-03-01'],
    [['fund', '--format', 'xml'], '--format "xml" is not known; expected table, json, csv.'],
    [['check', 'all'], '"all" is not understood; expected check'],
    [['why', ids.applicant], `The log tells of no grant, no payment and no allocation ${ids.applicant}.`],
  ])('%j', async (args, words) => {
    const { exitCode, lines, faults } = await world.run(args);
    expect([exitCode, lines, faults]).toEqual([2, [], [expect.stringContaining(words)]]);
  });

  it('says that no log answers', async () => {
    const { exitCode, faults } = await world.run(['check'], 'esdb://127.0.0.1:9?tls=false');
    expect([exitCode, faults.length]).toEqual([2, 1]);
    expect((await world.run(['check'], '')).faults).toEqual([
      'alliance-audit: EVENTSTORE_URL is missing; expected esdb://host:port, as the services have it.',
    ]);
  });
});
