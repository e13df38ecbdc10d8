import { BusUnavailable } from '../bus';
import { confirmed } from './deadline';

const never = new Promise<string>(() => undefined);

describe('what must be confirmed in time', () => {
  it('gives its result', async () => {
    await expect(confirmed('Asking', Promise.resolve('answer'), 1_000)).resolves.toBe('answer');
  });

  it('is unavailable, with the reason and its cause, when it fails', async () => {
    const cause = new TypeError('no line');
    const failed = confirmed('Asking', Promise.reject(cause), 1_000);
    await expect(failed).rejects.toBeInstanceOf(BusUnavailable);
    await expect(failed).rejects.toMatchObject({ message: 'Asking: no line', cause });
  });

  it('is unavailable when it neither succeeds nor fails', async () => {
    const pending = confirmed('Asking', never, 10);
    await expect(pending).rejects.toBeInstanceOf(BusUnavailable);
    await expect(pending).rejects.toThrow('Asking: no answer within 10 ms.');
  });
});
