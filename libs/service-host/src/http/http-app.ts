import type { Type } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { nestLogger } from '../observation/log';
import { Endpoints } from './endpoints';
import type { HttpServer } from './http-server';
import { serveOpenApi } from './open-api';

/**
 * A Nest application on this server with its routes under `/<service>`, not initialised yet. Throws when an endpoint
 * does not say who may use it.
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  server: HttpServer,
  options: { readonly service: string; readonly log: Logger },
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(root, server.adapter, {
    logger: nestLogger(options.log),
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(options.service);
  app.get(Endpoints).requireAccessRules();
  serveOpenApi(app, options.service);
  return app;
}
