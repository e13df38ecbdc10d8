import type { LogPosition } from '@alliance/event-sourcing';
import { comparePositions, eventCatalogue, streamCategory, systemClock } from '@alliance/event-sourcing';
import { ProjectionProgress } from './projection-progress';

const at = (commit: bigint): LogPosition => ({ commit, prepare: commit });

const projections = ['tallies', 'directory'].map((name) => ({
  name,
  catalogues: [eventCatalogue(streamCategory('spec', name), {})],
}));

/** `events` has the streams of the log; the first event is at position 1, and so on. */
function progress(saved: { position?: LogPosition } = {}, events: readonly string[] = []): ProjectionProgress {
  return new ProjectionProgress({
    projections,
    rows: { loadCheckpoint: async () => saved.position },
    log: {
      isEmptyStretch: async ({ streamPrefixes, after = at(0n), upTo }) =>
        events.length >= upTo.commit &&
        events.every((streamName, index) => {
          const position = at(BigInt(index + 1));
          const isWithin = comparePositions(position, after) > 0 && comparePositions(position, upTo) <= 0;
          return !isWithin || !streamPrefixes.some((prefix) => streamName.startsWith(prefix));
        }),
    },
    clock: systemClock,
  });
}

const own = 'spec.tallies-1';
const foreign = 'spec.directory-1';

it('a position that the checkpoint has passed is reached at once', async () => {
  expect(await progress({ position: at(5n) }).waitForPosition('tallies', at(5n), 0)).toBe('reached');
});

it('the waiting ends with "not yet" when its time is up', async () => {
  expect(await progress({ position: at(4n) }).waitForPosition('tallies', at(5n), 20)).toBe('not yet');
  expect(await progress().waitForPosition('tallies', at(5n), 0)).toBe('not yet');
});

it('a projector of this process wakes those who wait for its position, and only them', async () => {
  const ofThisProcess = progress();
  const near = ofThisProcess.waitForPosition('tallies', at(5n), 60_000);
  const far = ofThisProcess.waitForPosition('tallies', at(7n), 50);
  const other = ofThisProcess.waitForPosition('directory', at(5n), 50);
  ofThisProcess.note('tallies', at(4n));
  ofThisProcess.note('tallies', at(6n));
  expect(await near).toBe('reached');
  expect(await far).toBe('not yet');
  expect(await other).toBe('not yet');
});

it('a projector of another process is noticed by its checkpoint', async () => {
  const saved: { position?: LogPosition } = {};
  const waiting = progress(saved).waitForPosition('tallies', at(5n), 60_000);
  await systemClock.sleep(20);
  saved.position = at(5n);
  expect(await waiting).toBe('reached');
});

describe('where events of other streams lie before the position', () => {
  it('it is reached without the checkpoint moving, when nothing of the own streams lies between', async () => {
    const saved = { position: at(1n) };
    expect(await progress(saved, [own, foreign, foreign]).waitForPosition('tallies', at(3n), 5_000)).toBe('reached');
    expect(await progress({}, [foreign]).waitForPosition('tallies', at(1n), 0)).toBe('reached');
  });

  it('it is not reached before the last event of the own streams is in the rows', async () => {
    const saved = { position: at(1n) };
    const log = [own, foreign, own, foreign];
    const ofThisProcess = progress(saved, log);
    const waiting = ofThisProcess.waitForPosition('tallies', at(4n), 60_000);
    expect(await progress(saved, log).waitForPosition('tallies', at(4n), 150)).toBe('not yet');
    saved.position = at(3n);
    expect(await waiting).toBe('reached');
  });

  it('it is not reached before the log has come there', async () => {
    expect(await progress({ position: at(1n) }, [own, foreign]).waitForPosition('tallies', at(3n), 50)).toBe('not yet');
  });
});

it('the prepare position counts where commit positions are the same', async () => {
  const saved = { position: { commit: 5n, prepare: 3n } };
  expect(await progress(saved).waitForPosition('tallies', at(5n), 0)).toBe('not yet');
});
