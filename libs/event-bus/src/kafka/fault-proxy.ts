import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * - `pass`: as if it were not there;
 * - `down`: connections are cut and refused;
 * - `silent`: connections are taken, nothing is answered;
 * - `unconfirmed`: the broker stores what is produced, and the connection is cut before its answer arrives.
 */
type Fault = 'pass' | 'down' | 'silent' | 'unconfirmed';

/** A broker behind a bad line. */
export interface FaultProxy {
  readonly brokers: readonly string[];
  /** Produce requests that the broker has been sent. */
  readonly produced: number;
  become(fault: Fault): void;
  close(): Promise<void>;
}

const PRODUCE = 0;

/** Listens before the broker and takes its place in its own answers, so that clients stay on this side. */
export async function startFaultProxy(broker: string): Promise<FaultProxy> {
  const [host = '', brokerPort = ''] = broker.split(':');
  const sockets = new Set<Socket>();
  let fault: Fault = 'pass';
  let produced = 0;

  const server = createServer((client) => {
    if (fault === 'down') return void client.destroy();
    const upstream = connect(Number(brokerPort), host);
    let producing = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (request: Buffer) => {
      if (fault === 'silent') return;
      // A request of Kafka begins with its length (4 bytes) and its kind (2 bytes).
      if (request.length > 6 && request.readInt16BE(4) === PRODUCE) {
        producing = true;
        produced += 1;
      }
      upstream.write(request);
    });
    upstream.on('data', (answer: Buffer) => {
      if (fault === 'silent') return;
      if (fault === 'unconfirmed' && producing) return cut();
      producing = false;
      client.write(redirected(answer, Number(brokerPort), portOf(server)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    brokers: [`127.0.0.1:${portOf(server)}`],
    get produced() {
      return produced;
    },
    become(next) {
      fault = next;
      if (next === 'down') for (const socket of sockets) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** An answer names the broker as its host, a string, followed by its port, four bytes. */
function redirected(answer: Buffer, from: number, to: number): Buffer {
  const host = Buffer.from('127.0.0.1');
  for (let at = answer.indexOf(host); at !== -1; at = answer.indexOf(host, at + 1)) {
    const port = at + host.length;
    if (port + 4 <= answer.length && answer.readInt32BE(port) === from) answer.writeInt32BE(to, port);
  }
  return answer;
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
