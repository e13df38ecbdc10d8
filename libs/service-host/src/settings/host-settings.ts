import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { variableOf } from './load-settings';

/** What a process of a service does; several processes can share the work. */
export const processRoles = ['http', 'projector', 'relay', 'reactor', 'scheduler'] as const;
export type ProcessRole = (typeof processRoles)[number];

/** A whole number. */
export function IntegerSetting(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(min),
    Max(max),
  );
}

/** Texts joined by commas, one at least. */
export function ListSetting(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : value,
    ),
    ArrayNotEmpty(),
  );
}

/** `true` or `false`. */
function BooleanSetting(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** Is to be given when another setting (one without default) is, and not otherwise. */
function GivenWith(other: string): PropertyDecorator {
  const isGiven = (settings: object) => (settings as Readonly<Record<string, unknown>>)[other] !== undefined;
  return ValidateBy({
    name: 'givenWith',
    validator: {
      validate: (value, args) => args !== undefined && (value !== undefined) === isGiven(args.object),
      defaultMessage: (args) => `must ${args?.value === undefined ? '' : 'only '}be given with ${variableOf(other)}`,
    },
  });
}

/** A URL of one of these schemes. class-validator's own check knows only public host names. */
function UrlSetting(...schemes: readonly string[]): PropertyDecorator {
  return Matches(new RegExp(`^(${schemes.map((scheme) => scheme.replace('+', '\\+')).join('|')})://[^\\s/]+`), {
    message: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });
}

/** What every service needs to be told, wherever it runs. */
export class HostSettings {
  @UrlSetting('esdb', 'esdb+discover')
  readonly eventstoreUrl: string;

  @UrlSetting('postgres', 'postgresql')
  readonly databaseUrl: string;

  @ListSetting()
  @IsIn(processRoles, { each: true })
  readonly roles: readonly ProcessRole[] = processRoles;

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  readonly logLevel: string = 'info';

  /** How long requests and batches under way may take after SIGTERM. */
  @IntegerSetting(0, 600_000)
  readonly shutdownGraceMs: number = 10_000;
}

/** What a service needs to be told besides when it is a process of its own. */
export class DeploymentSettings extends HostSettings {
  @IntegerSetting(0, 65_535)
  readonly port: number = 4000;

  @IsString()
  readonly host: string = '0.0.0.0';

  @ListSetting()
  @Matches(/^[^\s:]+:\d{1,5}$/, { each: true, message: 'must be host:port, several joined by commas' })
  readonly kafkaBrokers: readonly string[];

  @BooleanSetting()
  readonly kafkaTls: boolean = false;

  /** Whom to trust (PEM) in place of the authorities that Node knows. */
  @ValidateIf(({ kafkaTlsCa }: DeploymentSettings) => kafkaTlsCa !== undefined)
  @Matches(/^-----BEGIN CERTIFICATE-----\s/, { message: 'must be a certificate (PEM)' })
  @ValidateBy({
    name: 'onlyWithTls',
    validator: {
      validate: (_, args) => (args?.object as DeploymentSettings).kafkaTls,
      defaultMessage: () => 'must only be given with KAFKA_TLS=true',
    },
  })
  readonly kafkaTlsCa?: string;

  @IsOptional()
  @IsIn(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
  readonly kafkaSaslMechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

  @GivenWith('kafkaSaslMechanism')
  readonly kafkaSaslUsername?: string;

  @GivenWith('kafkaSaslMechanism')
  readonly kafkaSaslPassword?: string;

  @UrlSetting('https', 'http')
  readonly oidcIssuer: string;

  @IsString()
  readonly oidcAudience: string;

  /** The claim that carries the roles. */
  @IsString()
  readonly oidcRolesClaim: string = 'roles';

  /** Where traces go (OTLP over HTTP); without it nothing is traced. */
  @IsOptional()
  @UrlSetting('https', 'http')
  readonly otelExporterOtlpEndpoint?: string;
}
