import type { LogPosition } from '@alliance/event-sourcing';
import { systemClock } from '@alliance/event-sourcing';
import { ProjectionProgress } from './projection-progress';

const at = (commit: bigint): LogPosition => ({ commit, prepare: commit });

function progress(saved: { position?: LogPosition } = {}): ProjectionProgress {
  return new ProjectionProgress({ loadCheckpoint: async () => saved.position }, systemClock);
}

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

it('the prepare position counts where commit positions are the same', async () => {
  const saved = { position: { commit: 5n, prepare: 3n } };
  expect(await progress(saved).waitForPosition('tallies', at(5n), 0)).toBe('not yet');
});
