import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { UUID } from '@eventstore/db-client/generated/shared_pb';

/** The version whose protocol is spoken. */
const SPOKEN_VERSION = '23.10.0';

const STREAMS = 'event_store.client.streams.streams';
const FEATURES: readonly { service: string; method: string; features: readonly string[] }[] = [
  { service: STREAMS, method: 'read', features: ['position', 'events'] },
  { service: STREAMS, method: 'append', features: [] },
  { service: STREAMS, method: 'delete', features: [] },
  { service: STREAMS, method: 'tombstone', features: [] },
  { service: STREAMS, method: 'batchappend', features: ['deadline_duration'] },
  { service: 'event_store.client.gossip.gossip', method: 'read', features: [] },
  { service: 'event_store.client.server_features.serverfeatures', method: 'getsupportedmethods', features: [] },
];

/** What a client asks before its first call, to know what it may use. */
export function supportedMethods(): SupportedMethods {
  const methods = FEATURES.map(({ service, method, features }) =>
    new SupportedMethod()
      .setServiceName(service)
      .setMethodName(method)
      .setFeaturesList([...features]),
  );
  return new SupportedMethods().setEventStoreServerVersion(SPOKEN_VERSION).setMethodsList(methods);
}

/** A cluster of this one node, which leads it. */
export function clusterOf(instanceId: string, host: string, port: number): ClusterInfo {
  const member = new MemberInfo()
    .setInstanceId(new UUID().setString(instanceId))
    .setTimeStamp(`${Date.now()}0000`)
    .setState(MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));
  return new ClusterInfo().setMembersList([member]);
}
