import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeDto, isDtoClass } from './describe-dto';
import { Endpoints } from './endpoints';

/** Serves the description of the service's API at `/<service>/openapi.json` and a browser for it at `/<service>/docs`. */
export function serveOpenApi(app: NestFastifyApplication, service: string): void {
  const described = new Set<Type<object>>();
  for (const { controller, method } of app.get(Endpoints).list()) {
    const types: unknown = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method);
    for (const type of Array.isArray(types) ? types : []) if (isDtoClass(type)) describeDto(type, described);
  }
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Alliance4Ukraine: ${service}`)
    .setDescription(
      'Errors are problem+json (RFC 9457) with a stable `code`. Commands answer with `ETag` (revision) and ' +
        '`Alliance-Position`; give the latter to a query as `Min-Position` to read your own write.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  // Made when somebody first asks for it: a start has better things to do.
  SwaggerModule.setup(`${service}/docs`, app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: `${service}/openapi.json`,
    raw: ['json'],
  });
}
