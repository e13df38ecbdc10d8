import { type BusServer, connectBus } from '@alliance/event-bus';
import { Clock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { PostgresRows, ProjectionProgress } from '@alliance/read-models';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { DataSource } from 'typeorm';
import { CommandHandler } from '../http/command-handler';
import { Endpoints } from '../http/endpoints';
import { createHttpApp } from '../http/http-app';
import { createHttpServer, type HttpServer } from '../http/http-server';
import { HttpModule } from '../http/http.module';
import { TokenVerifier } from '../identity/token-verifier';
import { Metrics } from '../observation/metrics';
import { createConsumer } from './consumer';
import type { SettingsClass } from '../settings/load-settings';
import type { ServiceParts } from './service-parts';

/** A service's slices, wired and ready to be started. */
export interface ServiceApp {
  readonly app: NestFastifyApplication;
  readonly http: HttpServer;
  readonly fastify: FastifyInstance;
  readonly consumer: BusServer;
  readonly progress: ProjectionProgress;
}

/**
 * What slices can have injected: `CommandHandler`, `EventStore`, `DataSource`, `Clock`, their service's settings class and
 * those it extends.
 */
@Module({})
class ServiceModule {
  static of(parts: ServiceParts, database: DataSource, http: HttpServer): DynamicModule {
    const { definition, ownSettings, store, tokens, metrics, clock } = parts;
    const { projections } = definition;
    const progress = new ProjectionProgress({ projections, rows: new PostgresRows(database), log: store, clock });
    const providers: Provider[] = [
      { provide: EventStore, useValue: store },
      { provide: DataSource, useValue: database },
      { provide: Clock, useValue: clock },
      { provide: ProjectionProgress, useValue: progress },
      { provide: TokenVerifier, useValue: tokens },
      { provide: Metrics, useValue: metrics },
      CommandHandler,
      ...settingsClasses(definition.settings).map((provide) => ({ provide, useValue: ownSettings })),
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [HttpModule.with(http.routes), ...definition.slices],
      providers,
      exports: providers,
    };
  }
}

/** The class and those that it extends: a lib has its part of a service's settings injected by a class of its own. */
function settingsClasses(own: SettingsClass<object> | undefined): readonly SettingsClass<object>[] {
  const classes: SettingsClass<object>[] = [];
  let each: unknown = own;
  while (typeof each === 'function' && each !== Function.prototype) {
    classes.push(each as SettingsClass<object>);
    each = Object.getPrototypeOf(each);
  }
  return classes;
}

/** Wires the service over a connected database; nothing runs yet. Throws what is wrong with the wiring. */
export async function createServiceApp(parts: ServiceParts, database: DataSource): Promise<ServiceApp> {
  const { definition, log } = parts;
  const http = createHttpServer(parts);
  const app = await createHttpApp(ServiceModule.of(parts, database, http), http, { service: definition.name, log });
  app.get(Endpoints).requireProjections(definition.projections.map(({ name }) => name));
  const consumer = createConsumer(parts, database);
  connectBus(app, consumer);
  return { app, http, consumer, fastify: app.getHttpAdapter().getInstance(), progress: app.get(ProjectionProgress) };
}
