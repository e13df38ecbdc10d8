import { KafkaBus } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import type { Logger } from 'pino';
import { OidcTokenVerifier } from '../identity/oidc-token-verifier';
import type { DeploymentSettings } from '../settings/host-settings';
import type { Infrastructure } from './service-parts';

/** What a service runs on as a process of its own: Kafka, and the tokens of an OpenID Connect issuer; nothing else. */
export function deploymentOf(service: string, settings: DeploymentSettings, log: Logger): Infrastructure {
  const { kafkaBrokers: brokers, oidcIssuer: issuer, oidcAudience: audience, oidcRolesClaim: rolesClaim } = settings;
  return {
    bus: KafkaBus.connect({
      brokers,
      clientId: service,
      observe: ({ kind, error }) => log.warn({ err: error, kind }, 'the bus'),
    }),
    tokens: new OidcTokenVerifier({ issuer, audience, rolesClaim }, systemClock),
    clock: systemClock,
    log,
    isWholeProcess: true,
  };
}
