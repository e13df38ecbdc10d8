import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Where a server can be reached, with a switch: off, it is as if the server were down. */
export interface Outlet {
  readonly port: number;
  on(): Promise<void>;
  off(): Promise<void>;
}

/** A port of its own that leads to another one of this machine. It is off at first. */
export async function openOutlet(targetPort: number): Promise<Outlet> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  async function on(): Promise<void> {
    server = createServer((near) => {
      const far = connect(targetPort, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    port = (listening.address() as AddressInfo).port;
  }

  async function off(): Promise<void> {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  }

  await on();
  await off();
  return { port, on, off };
}
