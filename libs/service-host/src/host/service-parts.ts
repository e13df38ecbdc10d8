import type { Clock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import type { Bus } from '@alliance/event-bus';
import { eventBusMigrations } from '@alliance/event-bus';
import { connectDatabase, type Migration, readModelMigrations } from '@alliance/read-models';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { RememberedTokens } from '../identity/remembered-tokens';
import type { TokenVerifier } from '../identity/token-verifier';
import { Metrics } from '../observation/metrics';
import type { ServiceDefinition } from '../service-definition';
import { HostSettings } from '../settings/host-settings';
import { type Environment, type SettingsClass, SettingsError, tryLoadSettings } from '../settings/load-settings';

/** What differs between one machine and production, and is therefore made by whoever starts the service. */
export interface Infrastructure {
  /** Stays open when the service closes: several may share one. */
  readonly bus: Bus;
  readonly tokens: TokenVerifier;
  readonly clock: Clock;
  readonly log: Logger;
  /** The process is this service alone: its memory and event loop are measured with it. */
  readonly isWholeProcess?: boolean;
}

/** All that a service is made of, before anything of it runs. */
export interface ServiceParts extends Infrastructure {
  readonly definition: ServiceDefinition;
  readonly settings: HostSettings;
  /** Of the class `definition.settings`. */
  readonly ownSettings: object | undefined;
  readonly store: EventStore;
  readonly metrics: Metrics;
}

/** Reads the settings and makes the parts; connects to nothing yet. Throws `SettingsError` with all faults. */
export function assemble(
  definition: ServiceDefinition,
  environment: Environment,
  infrastructure: Infrastructure,
): ServiceParts {
  const { settings, ownSettings } = settingsOf(definition, HostSettings, environment);
  requireDistinctStreams(definition);
  const metrics = new Metrics(definition.name);
  if (infrastructure.isWholeProcess) metrics.collectOfProcess();
  return {
    ...infrastructure,
    tokens: new RememberedTokens(infrastructure.tokens, infrastructure.clock),
    definition,
    settings,
    ownSettings,
    store: EventStore.connect({ connectionString: settings.eventstoreUrl, clock: infrastructure.clock }),
    metrics,
  };
}

/** The host's settings and the service's own. Throws `SettingsError` with the faults of both. */
export function settingsOf<Settings extends HostSettings>(
  definition: ServiceDefinition,
  type: SettingsClass<Settings>,
  environment: Environment,
): { readonly settings: Settings; readonly ownSettings: object | undefined } {
  const host = tryLoadSettings(type, environment);
  const own = definition.settings && tryLoadSettings(definition.settings, environment);
  const faults = [...host.faults, ...(own?.faults ?? [])];
  if (faults.length > 0) throw new SettingsError(faults);
  return { settings: host.settings, ownSettings: own?.settings };
}

/** Followers go by prefix: where one category's begins another's, each would read the other's events. */
function requireDistinctStreams({ projections, publishers, reactors = [] }: ServiceDefinition): void {
  const followed = [...projections, ...reactors].flatMap(({ catalogues }) => catalogues);
  const published = publishers.map(({ catalogue }) => catalogue);
  const prefixes = new Set([...followed, ...published].map(({ category }) => category.prefix));
  for (const prefix of prefixes) {
    const other = [...prefixes].find((one) => one !== prefix && one.startsWith(prefix));
    if (other !== undefined)
      throw new Error(`Streams named ${other}… would be taken for ${prefix}…; rename one of them.`);
  }
}

export function connectServiceDatabase({ definition, settings, log }: ServiceParts): Promise<DataSource> {
  return connectDatabase({
    url: settings.databaseUrl,
    entities: [...definition.entities],
    onIdleError: (err) => log.warn({ err }, 'a connection to the database broke'),
  });
}

/** Those of the libraries and the service's own. They run in the order of the timestamps in their names. */
export function migrationsOf({ migrations }: ServiceDefinition): readonly Migration[] {
  return [...readModelMigrations, ...eventBusMigrations, ...migrations];
}
