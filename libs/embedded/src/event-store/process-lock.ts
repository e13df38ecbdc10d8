import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createServer } from 'node:net';

/** Another process, or another part of this one, has the file open for writing. */
export class FileLockedError extends Error {
  constructor(readonly path: string) {
    super(`${path} is in use by another process; two writers would destroy it`);
    this.name = 'FileLockedError';
  }
}

/**
 * Holds the file for this process alone, until released or until the process ends, however it ends. The kernel holds
 * the lock, so a killed owner leaves nothing behind and there is no process number that could be given to another.
 *
 * Linux has no exclusive open that Node can reach; there the lock is a listening socket in the abstract namespace,
 * named after the file's device and inode (and so seen from within one network namespace). Elsewhere it is an
 * exclusive open of `<path>.lock`.
 *
 * @returns release
 * @throws FileLockedError
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  return process.platform === 'linux' ? listenAlone(path) : openAlone(path);
}

async function listenAlone(path: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(path, { bigint: true });
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new FileLockedError(path) : error),
    );
    server.listen({ path: `\0alliance-record-file-${dev}-${ino}`, exclusive: true }, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** libuv's UV_FS_O_EXLOCK, which @types/node does not name; Windows, macOS and the BSDs honour it. */
const EXCLUSIVE_LOCK = process.platform === 'win32' ? 0x10000000 : 0x20;

async function openAlone(path: string): Promise<() => Promise<void>> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | EXCLUSIVE_LOCK;
  try {
    const handle = await open(`${path}.lock`, flags);
    return () => handle.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'EAGAIN' || code === 'EBUSY' ? new FileLockedError(path) : error;
  }
}
