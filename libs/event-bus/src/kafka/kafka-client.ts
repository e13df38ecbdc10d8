import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { encodeRecordsOnce } from './lean-records';
import { quietIdleConnections } from './quiet-request-queue';

encodeRecordsOnce();
quietIdleConnections();

/** What a cluster wants to know of who connects. */
export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Which cluster, and how to come in. */
export interface KafkaCluster {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  /** Given: by TLS. `ca` (PEM) takes the place of the authorities that Node trusts. */
  readonly tls?: { readonly ca?: string };
  readonly sasl?: KafkaSasl;
}

/** Which cluster, and who asks. */
export interface KafkaAddress extends KafkaCluster {
  /** Who this is, in the broker's logs and quotas. */
  readonly clientId: string;
}

/** One use of kafkajs with connections of its own. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /**
   * Cuts its connections and lets it open no others. kafkajs can neither be interrupted nor be trusted to end: a retry
   * under way would connect again and send, long after its caller has given up and gone on.
   */
  abandon(): void;
}

const CONNECT_WITHIN_MS = 3_000;
const KEEP_ALIVE_AFTER_MS = 30_000;

/** A client that has not connected yet. It says nothing on the console: its errors reach whoever calls it. */
export function openClient(address: KafkaAddress, requestTimeoutMs: number): KafkaClient {
  const sockets = new Set<Socket>();
  let abandoned = false;
  const kafka = new Kafka({
    clientId: address.clientId,
    brokers: [...address.brokers],
    connectionTimeout: CONNECT_WITHIN_MS,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    logLevel: logLevel.NOTHING,
    ssl: address.tls && { ...address.tls },
    // Its type knows each mechanism by itself, with the fields that all three of ours share.
    sasl: address.sasl && ({ ...address.sasl } as SASLOptions),
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const socket = ssl
        ? connectSecurely({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
        : connect({ host, port }, onConnect);
      socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      if (abandoned) socket.destroy(new Error('This client was abandoned.'));
      return socket;
    },
  });
  return {
    kafka,
    abandon() {
      abandoned = true;
      for (const socket of sockets) socket.destroy(new Error('This client was abandoned.'));
    },
  };
}
