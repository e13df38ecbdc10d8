import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether a request reads exactly this path. */
export function isFor({ method, url = '' }: IncomingMessage, path: string): boolean {
  return (method === 'GET' || method === 'HEAD') && url.split('?', 1)[0] === path;
}

export function answerText(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

/** A problem+json for requests that come when the service's own server cannot answer them. */
export function answerProblem(response: ServerResponse, status: 404 | 503, code: string, detail: string): void {
  const type = `urn:alliance4ukraine:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const title = status === 404 ? 'Not Found' : 'Service Unavailable';
  const retry = status === 503 ? { 'retry-after': '1', connection: 'close' } : {};
  response
    .writeHead(status, { 'content-type': 'application/problem+json', ...retry })
    .end(JSON.stringify({ type, title, status, detail, code }));
}
