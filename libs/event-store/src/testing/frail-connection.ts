import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be made to fail as networks do. */
export interface FrailConnection {
  readonly connectionString: string;
  /** Lets nothing of the server's through any more, while the connection stays up and requests still arrive. */
  loseReplies(): void;
  /** Breaks all connections; new ones work again. */
  cut(): void;
  /** How many clients are connected. */
  connections(): number;
  stop(): Promise<void>;
}

export async function startFrailConnection(target: string): Promise<FrailConnection> {
  const { hostname, port } = new URL(target.replace('esdb:', 'http:'));
  const sockets = new Set<Socket>();
  let replies = true;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => replies && client.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    replies = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    connectionString: `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`,
    loseReplies: () => (replies = false),
    connections: () => sockets.size / 2,
    cut,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
