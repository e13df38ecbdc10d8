import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

/** What a route takes instead of JSON; the request parser looks for it in the route's `config`. */
export interface UploadLimits {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
}

/** What a route takes more of than others do. */
export interface JsonLimits {
  readonly maxJsonBytes: number;
}

/** A route whose JSON may be longer than that of others, up to so many bytes; longer: 413. */
export function AcceptsLongJson(maxJsonBytes: number): MethodDecorator {
  const limits: JsonLimits = { maxJsonBytes };
  return RouteConfig(limits);
}

/** A route that takes a file as the whole body: `@Body() file: Buffer`. Other media types: 415; longer ones: 413. */
export function AcceptsUpload(upload: UploadLimits): MethodDecorator {
  return applyDecorators(
    RouteConfig({ upload }),
    ApiConsumes(...upload.mediaTypes),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );
}
