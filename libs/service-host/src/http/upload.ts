import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

/** What a route takes instead of JSON; the request parser looks for it in the route's `config`. */
export interface UploadLimits {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
}

/** A route that takes a file as the whole body: `@Body() file: Buffer`. Other media types: 415; longer ones: 413. */
export function AcceptsUpload(upload: UploadLimits): MethodDecorator {
  return applyDecorators(
    RouteConfig({ upload }),
    ApiConsumes(...upload.mediaTypes),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );
}
