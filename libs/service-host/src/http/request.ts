import type { Actor } from '@alliance/event-sourcing';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of `X-Correlation-Id`, or new; goes through everything that this request sets in motion. */
    correlationId: string;
    /** When it came, by the service's clock; ISO 8601, UTC. */
    receivedAt: string;
    /** Set by the access guard; absent on public endpoints. */
    actor: Actor | undefined;
  }
}

const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The correlation id that a client sent, if it can stand in a log line and in an event as it is. */
export function correlationIdOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && CORRELATION_ID.test(header) ? header : undefined;
}
