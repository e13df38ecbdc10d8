import { AuditWorld } from './audit.given';
import { aTale } from './tale.given';

const { tale, ids } = aTale();
let world: AuditWorld;
beforeAll(async () => {
  world = await AuditWorld.start();
  await world.plant(tale);
  await world.plant(aTale().tale.slice(0, 3));
});
afterAll(() => world.stop());

describe('fund --from --to: a ledger of pots, awards, payments and returns that adds up to the cent', () => {
  it('tells each movement of money, and where it lies at the end', async () => {
    const { pots, movements } = await world.json(['fund']);
    expect(pots[0]).toMatchObject({
      ...{ potId: ids.pot, currency: 'EUR', addsUp: true },
      opening: { donors: 0, free: 0, reserved: 0, committed: 0, paid: 0, returned: 0 },
      closing: { donors: -1_200_000, free: 650_000, reserved: 0, committed: 0, paid: 550_000, returned: 0 },
    });
    expect(pots[1].closing).toMatchObject({ donors: -1_200_000, free: 1_200_000 });
    const ours = movements.filter(({ potId }: { potId: string }) => potId === ids.pot);
    expect(
      ours.map(({ event, from, to, cents }: Record<string, unknown>) => [event, from, to, cents].join(' ')),
    ).toEqual([
      'ContributionReceived donors free 1200000',
      'AmountReserved free reserved 1000000',
      'AwardConfirmed reserved committed 1000000',
      'TranchePaid committed paid 600000',
      'RepaymentReceived paid returned 50000',
      'CommitmentReduced returned free 50000',
      'CommitmentReduced committed free 400000',
    ]);
  });

  it('takes what was before as the opening, and leaves out what came after', async () => {
    const whole = await world.json(['fund']);
    const first = await world.json(['fund', '--to', '2026-03-01']);
    const rest = await world.json(['fund', '--from', '2026-03-02', '--to', '2026-03-31']);
    expect(rest.pots[0].opening).toEqual(first.pots[0].closing);
    expect(rest.pots[0].closing).toEqual(whole.pots[0].closing);
    expect(first.movements.length + rest.movements.length).toBe(whole.movements.length);
    expect(rest.movements.length).toBeGreaterThan(0);
  });

  it('as a table says that it adds up, and as CSV is no formula to a spreadsheet', async () => {
    const { lines, exitCode } = await world.run(['fund']);
    expect([lines.at(-1), exitCode]).toEqual(['It adds up to the cent.', 0]);
    expect(lines).toContainEqual(expect.stringMatching(/TranchePaid .* committed +paid +6,000\.00 EUR$/));
    const csv = await world.run(['fund', '--format', 'csv', '--limit', '1']);
    expect(csv.lines).toEqual([
      'position,at,pot,event,grant,from,to,cents,currency',
      expect.stringMatching(
        /^\d+\/\d+,2026-03-01T02:00:00\.000Z,'=Soforthilfe,ContributionReceived,,donors,free,1200000,EUR$/,
      ),
    ]);
    expect(csv.faults).toEqual([expect.stringMatching(/^More: --after \d+\/\d+$/)]);
  });
});
