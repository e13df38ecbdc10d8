import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kafkaOf } from '../host/deployment';
import { DeploymentSettings } from './host-settings';
import { type Environment, loadSettings, SettingsError } from './load-settings';

const complete: Environment = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/registry',
  KAFKA_BROKERS: 'one:9092, two:9092',
  OIDC_ISSUER: 'https://id.example.org/realms/alliance',
  OIDC_AUDIENCE: 'alliance',
};

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(DeploymentSettings, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'settings '))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read from the environment, with defaults for what may be left out', () => {
    expect(loadSettings(DeploymentSettings, { ...complete, PORT: '8080', ROLES: 'http,relay', OTHER: 'x' })).toEqual({
      eventstoreUrl: complete['EVENTSTORE_URL'],
      databaseUrl: complete['DATABASE_URL'],
      kafkaBrokers: ['one:9092', 'two:9092'],
      kafkaTls: false,
      oidcIssuer: complete['OIDC_ISSUER'],
      oidcAudience: 'alliance',
      oidcRolesClaim: 'roles',
      roles: ['http', 'relay'],
      logLevel: 'info',
      shutdownGraceMs: 10_000,
      port: 8080,
      host: '0.0.0.0',
    });
  });

  it('list every fault at once, by the name of the variable', () => {
    const faults = faultsOf({
      EVENTSTORE_URL: 'http://x',
      KAFKA_BROKERS: 'broker',
      ROLES: 'http,cook',
      PORT: '80a',
      SHUTDOWN_GRACE_MS: '-1',
      OIDC_ISSUER: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'EVENTSTORE_URL',
      'KAFKA_BROKERS',
      'OIDC_AUDIENCE',
      'OIDC_ISSUER',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'PORT',
      'ROLES',
      'SHUTDOWN_GRACE_MS',
    ]);
    expect(faults).toContain('EVENTSTORE_URL: must be a URL that begins with esdb:// or esdb+discover://');
  });

  it('never repeat the value at fault, which may be a secret', () => {
    expect(faultsOf({ ...complete, DATABASE_URL: 'pg://u:geheim@h/db' }).join()).not.toContain('geheim');
  });

  it('tell how to come into a Kafka that asks for TLS and password', () => {
    const secured = {
      ...complete,
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA: '-----BEGIN CERTIFICATE-----\nabc',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'registry',
      KAFKA_SASL_PASSWORD: 'geheim',
    };
    expect(kafkaOf(loadSettings(DeploymentSettings, secured))).toEqual({
      brokers: ['one:9092', 'two:9092'],
      tls: { ca: secured.KAFKA_TLS_CA },
      sasl: { mechanism: 'scram-sha-512', username: 'registry', password: 'geheim' },
    });
    expect(kafkaOf(loadSettings(DeploymentSettings, complete))).toEqual({ brokers: ['one:9092', 'two:9092'] });
    expect(kafkaOf(loadSettings(DeploymentSettings, { ...complete, KAFKA_TLS: 'true' }))).toMatchObject({ tls: {} });
  });

  it('refuse what they say of Kafka by half', () => {
    expect(faultsOf({ ...complete, KAFKA_TLS: 'yes', KAFKA_SASL_MECHANISM: 'GSSAPI' })).toEqual([
      'KAFKA_SASL_MECHANISM: must be one of the following values: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
      'KAFKA_SASL_PASSWORD: must be given with KAFKA_SASL_MECHANISM',
      'KAFKA_SASL_USERNAME: must be given with KAFKA_SASL_MECHANISM',
      'KAFKA_TLS: must be true or false',
    ]);
    const certificate = '-----BEGIN CERTIFICATE-----\nabc';
    expect(faultsOf({ ...complete, KAFKA_TLS_CA: certificate, KAFKA_SASL_PASSWORD: 'geheim' })).toEqual([
      'KAFKA_SASL_PASSWORD: must only be given with KAFKA_SASL_MECHANISM',
      'KAFKA_TLS_CA: must only be given with KAFKA_TLS=true',
    ]);
    expect(faultsOf({ ...complete, KAFKA_TLS: 'true', KAFKA_TLS_CA: '/etc/ca.pem' })).toEqual([
      'KAFKA_TLS_CA: must be a certificate (PEM)',
    ]);
  });

  it('may come from a file, for secrets', () => {
    const file = path.join(folder, 'database-url');
    writeFileSync(file, 'postgres://u:secret@db/registry\n');
    const { DATABASE_URL: _, ...others } = complete;
    const settings = loadSettings(DeploymentSettings, { ...others, DATABASE_URL_FILE: file });
    expect(settings.databaseUrl).toBe('postgres://u:secret@db/registry');
  });

  it('are refused when file and variable are both given, or the file is not there', () => {
    const file = path.join(folder, 'missing');
    const { DATABASE_URL: _, ...others } = complete;
    expect(faultsOf({ ...complete, DATABASE_URL_FILE: file })).toEqual([
      'DATABASE_URL_FILE: must not be given together with DATABASE_URL',
    ]);
    expect(faultsOf({ ...others, DATABASE_URL_FILE: file })).toEqual([
      'DATABASE_URL_FILE: must name a file that can be read',
    ]);
  });
});
