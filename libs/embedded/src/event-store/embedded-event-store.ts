import { randomUUID } from 'node:crypto';
import { Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { appendCall, deleteCall, tombstoneCall } from './append-service';
import { Appender } from './appender';
import { batchAppendCall } from './batch-append-service';
import { EventLog } from './event-log';
import { clusterOf, supportedMethods } from './node-info';
import { passwordCheck } from './password-check';
import { readCall, type ReadAnswer } from './read-service';
import type { ServerSecurity } from '../server-security';

export interface EmbeddedEventStore {
  /** `esdb://127.0.0.1:port?tls=false`; secured: `esdb://user:password@127.0.0.1:port?tls=true`, without the CA. */
  readonly connectionString: string;
  readonly port: number;
  /** Ends open calls, waits for the appends under way, and lets the files go. */
  stop(): Promise<void>;
}

export interface EmbeddedEventStoreOptions {
  /** Is made when it is missing; holds one file, `events.log`. */
  readonly dataDir: string;
  /** 0 or nothing: a free one. */
  readonly port?: number;
  /** 127.0.0.1 when nothing is given: without `security` it knows no users and no TLS. */
  readonly host?: string;
  readonly security?: ServerSecurity;
  readonly logger?: (line: string) => void;
}

/** As much as the client receives at most. What is too large for an append is thus refused with the reason, not cut off. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/**
 * Starts a server of one node that speaks EventStoreDB's protocol and keeps its events in one file.
 * @throws FileLockedError when another process serves the folder, RecordFileDamagedError, and what binding a port throws.
 */
export async function startEmbeddedEventStore(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
  const { dataDir, host = '127.0.0.1', security, logger = () => undefined } = options;
  const log = await EventLog.open(dataDir, logger);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    interceptors: security && [passwordCheck(security)],
  });
  const node = { port: 0 };
  addServices(server, log, () => clusterOf(randomUUID(), host, node.port));
  try {
    node.port = await bind(server, `${host.includes(':') ? `[${host}]` : host}:${options.port ?? 0}`, security);
  } catch (error) {
    await log.close();
    throw error;
  }
  const { port } = node;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    server.forceShutdown();
    return log.close();
  };
  const user = security && `${encodeURIComponent(security.username)}:${encodeURIComponent(security.password)}@`;
  const connectionString = `esdb://${user ?? ''}${host}:${port}?tls=${security !== undefined}`;
  return { port, connectionString, stop: () => (stopped ??= stop()) };
}

function addServices(server: Server, log: EventLog, cluster: () => ClusterInfo): void {
  const appender = new Appender(log);
  server.addService(
    {
      ...StreamsService,
      read: { ...StreamsService.read, responseSerialize: (answer: ReadAnswer) => asBytes(answer) },
      batchAppend: { ...StreamsService.batchAppend, responseSerialize: (answer: Buffer) => answer },
    },
    {
      append: appendCall(appender),
      batchAppend: batchAppendCall(appender),
      delete: deleteCall(appender),
      tombstone: tombstoneCall(appender),
      read: readCall(log),
    },
  );
  server.addService(ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: sendUnaryData<SupportedMethods>) => answer(null, supportedMethods()),
  });
  server.addService(GossipService, {
    read: (_call: unknown, answer: sendUnaryData<ClusterInfo>) => answer(null, cluster()),
  });
}

function asBytes(answer: ReadAnswer): Buffer {
  return Buffer.isBuffer(answer) ? answer : Buffer.from(answer.serializeBinary());
}

function bind(server: Server, address: string, security: ServerSecurity | undefined): Promise<number> {
  const pair = security && {
    cert_chain: Buffer.from(security.certificate),
    private_key: Buffer.from(security.privateKey),
  };
  const credentials = pair ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
