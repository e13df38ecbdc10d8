import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidRequest, ProblemError } from './problem';
import { parseStrictJson } from './strict-json';
import type { JsonLimits, UploadLimits } from './upload';

const MAX_BODY_BYTES = 256 * 1024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Replaces Fastify's parsers: JSON in UTF-8 for every route, and files for those that ask for them by `AcceptsUpload`;
 * everything else is 415, longer than 256 KiB (or the route's limit) 413.
 */
export function parseRequestsStrictly(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.bodyLimit = uploadOf(route.config)?.maxBytes ?? mostBytesOf(route.config) ?? MAX_BODY_BYTES;
  });
  server.removeAllContentTypeParsers();
  const parse = async (request: FastifyRequest, body: Buffer) => {
    const [mediaType = '', ...parameters] = (request.headers['content-type'] ?? '')
      .split(';')
      .map((part) => part.trim().toLowerCase());
    const upload = uploadOf(request.routeOptions.config);
    requireIdentityEncoding(request);
    const accepted = upload?.mediaTypes ?? ['application/json'];
    if (!accepted.includes(mediaType)) throw unsupported(`The body must be ${accepted.join(' or ')}.`);
    if (upload) return body;
    requireUtf8(parameters);
    return parseJson(body);
  };
  // By its name Fastify finds the type that most requests have without taking the header apart each time.
  server.addContentTypeParser(['application/json', '*'], { parseAs: 'buffer' }, parse);
}

function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = UTF8.decode(body);
  } catch {
    throw invalidRequest([{ field: 'body', reason: 'invalid', expected: 'JSON encoded in UTF-8' }]);
  }
  const parsed = parseStrictJson(text);
  if ('faults' in parsed) throw invalidRequest(parsed.faults);
  return parsed.value;
}

function requireIdentityEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupported('The body must not be compressed (Content-Encoding).');
  }
}

function requireUtf8(parameters: readonly string[]): void {
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw unsupported('JSON must be in UTF-8.');
}

function unsupported(detail: string): ProblemError {
  return new ProblemError(415, 'UNSUPPORTED_MEDIA_TYPE', detail);
}

function uploadOf(config: object | undefined): UploadLimits | undefined {
  return config && 'upload' in config ? (config.upload as UploadLimits) : undefined;
}

function mostBytesOf(config: object | undefined): number | undefined {
  return config && 'maxJsonBytes' in config ? (config as JsonLimits).maxJsonBytes : undefined;
}
