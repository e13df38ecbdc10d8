import { Readable } from 'node:stream';
import { batchesOf } from './batches';

/** A call with these replies that notes whether it was cancelled. */
function call(replies: readonly number[], options: { readonly open?: boolean; readonly error?: Error } = {}) {
  const stream = new Readable({ objectMode: true, read: () => undefined });
  for (const reply of replies) stream.push(reply);
  if (options.error) setImmediate(() => stream.emit('error', options.error));
  else if (!options.open) stream.push(null);
  const cancel = jest.fn(() => Promise.resolve());
  return { stream, cancel };
}

async function drain({ stream, cancel }: ReturnType<typeof call>, signal?: AbortSignal): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of batchesOf<number>(stream, cancel, { maxSize: 2, idleMs: 50, signal })) batches.push(batch);
  return batches;
}

describe('batchesOf', () => {
  it('gives all there is, in order, at most so many at a time', async () => {
    expect(await drain(call([1, 2, 3, 4, 5]))).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('cancels no call that was answered: servers shut out a client that resets many', async () => {
    const complete = call([1, 2, 3]);
    await drain(complete);
    expect(complete.cancel).not.toHaveBeenCalled();
    const refused = call([], { error: new Error('not found') });
    await expect(drain(refused)).rejects.toThrow('not found');
    expect(refused.cancel).not.toHaveBeenCalled();
  });

  it('cancels a call that is left, that falls silent, or that is aborted', async () => {
    const left = call([1, 2, 3], { open: true });
    for await (const _ of batchesOf<number>(left.stream, left.cancel, { maxSize: 1 })) break;
    expect(left.cancel).toHaveBeenCalledTimes(1);
    const silent = call([1], { open: true });
    await expect(drain(silent)).rejects.toThrow('Nothing came for 50 ms.');
    expect(silent.cancel).toHaveBeenCalledTimes(1);
    const aborted = call([1], { open: true });
    expect(await drain(aborted, AbortSignal.timeout(10))).toEqual([[1]]);
    expect(aborted.cancel).toHaveBeenCalledTimes(1);
  });

  it('gives what came before an error, then throws it', async () => {
    const failing = call([1, 2, 3], { error: new Error('broken') });
    const seen: number[][] = [];
    const loop = (async () => {
      for await (const batch of batchesOf<number>(failing.stream, failing.cancel, { maxSize: 2 })) seen.push(batch);
    })();
    await expect(loop).rejects.toThrow('broken');
    expect(seen).toEqual([[1, 2], [3]]);
  });

  it('survives an error that comes after the loop was left', async () => {
    const { stream, cancel } = call([1], { open: true });
    for await (const _ of batchesOf<number>(stream, cancel, { maxSize: 1 })) break;
    expect(() => stream.emit('error', new Error('late'))).not.toThrow();
  });
});
