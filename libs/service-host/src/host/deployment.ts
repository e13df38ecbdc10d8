import { KafkaBus, type KafkaCluster } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import type { Logger } from 'pino';
import { OidcTokenVerifier } from '../identity/oidc-token-verifier';
import type { DeploymentSettings } from '../settings/host-settings';
import type { Infrastructure } from './service-parts';

/** What a service runs on as a process of its own: Kafka, and the tokens of an OpenID Connect issuer; nothing else. */
export function deploymentOf(service: string, settings: DeploymentSettings, log: Logger): Infrastructure {
  const { oidcIssuer: issuer, oidcAudience: audience, oidcRolesClaim: rolesClaim } = settings;
  return {
    bus: KafkaBus.connect({
      ...kafkaOf(settings),
      clientId: service,
      observe: ({ kind, error }) => log.warn({ err: error, kind }, 'the bus'),
    }),
    tokens: new OidcTokenVerifier({ issuer, audience, rolesClaim }, systemClock),
    clock: systemClock,
    log,
    isWholeProcess: true,
  };
}

/** Which Kafka, and how to come in. */
export function kafkaOf(settings: DeploymentSettings): KafkaCluster {
  const { kafkaBrokers: brokers, kafkaTls, kafkaTlsCa: ca } = settings;
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = settings;
  const isNamed = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    brokers,
    ...(kafkaTls && { tls: { ...(ca !== undefined && { ca }) } }),
    ...(isNamed && { sasl: { mechanism: SASL[mechanism], username, password } }),
  };
}

const SASL = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;
