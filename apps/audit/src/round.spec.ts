import { createHash } from 'node:crypto';
import { replayRound, ROUND_METHOD, roundReplayCatalogues } from '@alliance/capacity-matching/events';
import { AuditWorld } from './audit.given';
import { aMatchingTale } from './matching-tale.given';
import { replay } from './replay';
import { aRoundTale, proposalOf, type Proposal } from './round-tale.given';

const { tale: planted, ids } = aMatchingTale();
/** With a proof that counts to the last day of the offer. */
const tale = planted.map((one) =>
  one.key === 'proved'
    ? { ...one, event: { ...one.event, data: { ...(one.event.data as object), validUntil: '2026-04-26' } } }
    : one,
);
const weeks = [{ from: '2026-W17', to: '2026-W17', minutes: 60 }];
const unserved = {
  ...{ needId: ids.need, severity: 2, weeks, reason: 'NOTHING_FREE' as const },
  nearestMisses: [
    { offerId: ids.offer, lacks: 'FREE_MINUTES' as const, change: '60 minutes more in 2026-W17 would fit' },
  ],
};
let world: AuditWorld;
let sawUpTo: string;
beforeAll(async () => {
  world = await AuditWorld.start();
  sawUpTo = (await world.plant(tale.slice(0, 3))).get('opened') ?? '';
});
afterAll(() => world.stop());

async function plantRound(...round: Parameters<typeof aRoundTale>): Promise<string> {
  const { roundId, tale: ofRound } = aRoundTale(...round);
  await world.plant(ofRound);
  return roundId;
}

describe('round <id>: what it saw, proposed and left unserved', () => {
  it('tells each proposal with every term of its score, and each unserved need with reason and nearest miss', async () => {
    const roundId = await plantRound(sawUpTo, [proposalOf(ids, weeks)], { unserved: [unserved] });
    const { lines, exitCode } = await world.run(['round', roundId]);
    expect(exitCode).toBe(0);
    expect(lines[0]).toContain(`Requested by coordinator-1: 1 offers and 1 needs as of ${sawUpTo}`);
    expect(lines[1]).toBe('Solved in 2 ms over 1 pairs, proved to be the best: 1 proposals, 1 needs unserved.');
    expect(lines[3]).toMatch(new RegExp(`^${ids.need} +${ids.offer} +60 in 2026-W17 +100 +fit 10, date 10`));
    expect(lines.at(-1)).toContain(`NOTHING_FREE`);
    expect(lines.at(-1)).toContain(`${ids.offer}: 60 minutes more in 2026-W17 would fit`);
    const told = await world.json(['round', roundId]);
    expect(told).toMatchObject({ requested: { position: sawUpTo }, proposals: [{ score: 100 }], unserved: [unserved] });
  });

  it('says so when there is no such round', async () => {
    for (const args of [
      ['round', ids.offer],
      ['round', ids.offer, '--replay'],
    ]) {
      const { exitCode, faults } = await world.run(args);
      expect([exitCode, faults[0]]).toEqual([2, expect.stringContaining(`There is no round ${ids.offer}`)]);
    }
  });
});

describe('round <id> --replay: the same proposals from the log alone, byte by byte', () => {
  it('holds for what the log gives, whatever has happened since; and tells the first difference where it does not', async () => {
    const draft = await plantRound(sawUpTo, [proposalOf(ids, weeks)]);
    const again = await replayRound(() => replay(world.store, roundReplayCatalogues), draft);
    const inputsDigest = createHash('sha256')
      .update(again?.inputs ?? '')
      .digest('hex');
    const right = JSON.parse(again?.replayed ?? '') as {
      proposals: Proposal[];
      unserved: { needId: string }[];
    };
    expect(right.proposals).toMatchObject([{ needId: ids.need, offerId: ids.offer }]);

    const different = await world.run(['round', draft, '--replay']);
    expect(different.exitCode).toBe(1);
    expect(different.lines).toEqual([
      'The log up to its position is not what the round saw.',
      expect.stringMatching(/^The log gives something else, from character \d+ on\.$/),
      expect.stringMatching(/^recorded: /),
      expect.stringMatching(/^replayed: /),
    ]);

    const requested = { inputsDigest, unserved: right.unserved as (typeof unserved)[] };
    const faithful = await plantRound(sawUpTo, right.proposals, requested);
    await world.plant(tale.slice(3));
    const same = await world.run(['round', faithful, '--replay']);
    expect(same.lines).toEqual([expect.stringMatching(/^The log gives the same again, byte by byte: \d+ characters/)]);
    expect(same.exitCode).toBe(0);
    expect(await world.json(['round', faithful, '--replay'])).toEqual({
      same: true,
      sawTheSame: true,
      isOptimal: true,
      method: { recorded: ROUND_METHOD, replayed: ROUND_METHOD },
    });

    const scored = right.proposals.map((one) => ({ ...one, score: one.score + 1 }));
    const forged = await plantRound(sawUpTo, scored, requested);
    const { exitCode, lines } = await world.run(['round', forged, '--replay']);
    expect(exitCode).toBe(1);
    expect(lines[1]).toContain(`"score":${scored[0]?.score}`);
    expect(lines[2]).toContain(`"score":${right.proposals[0]?.score}`);
    expect(lines).toHaveLength(3);

    const cutOff = await plantRound(sawUpTo, scored, { ...requested, isOptimal: false });
    const found = await world.run(['round', cutOff, '--replay']);
    expect(found.exitCode).toBe(1);
    expect(found.lines.slice(3)).toEqual([
      'The round was ended by its time limit: what it had found by then need not come out again.',
    ]);
    expect(await world.json(['round', cutOff, '--replay'])).toMatchObject({ same: false, isOptimal: false });

    const ofBefore = await plantRound(sawUpTo, scored, { ...requested, method: ROUND_METHOD - 1 });
    const byOtherRules = await world.run(['round', ofBefore, '--replay']);
    expect(byOtherRules.exitCode).toBe(1);
    expect(byOtherRules.lines.slice(3)).toEqual([
      `The round was computed by method ${ROUND_METHOD - 1}, and this release knows method ${ROUND_METHOD}: ask a release of then.`,
    ]);
  });
});
