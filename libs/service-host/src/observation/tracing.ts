import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    span: Span | undefined;
  }
}

const tracer = trace.getTracer('alliance');

/** Spans that go nowhere are not free: without `startTracing` none are made. */
let isTracing = false;

/** A collector that takes OTLP over HTTP. */
export function collectorAt(endpoint: string): SpanExporter {
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
}

/** Traces this process from now on. */
export function startTracing(service: string, exporter: SpanExporter): { readonly stop: () => Promise<void> } {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  isTracing = true;
  return {
    async stop() {
      isTracing = false;
      // A collector that is down must not hold up the end of the process.
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The span of a request, a child of the `traceparent` it came with; `undefined` when nothing is traced. */
export function startRequestSpan(request: FastifyRequest): Span | undefined {
  if (!isTracing) return undefined;
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const route = request.routeOptions.url ?? 'unknown';
  const attributes = { 'http.request.method': request.method, 'http.route': route };
  return tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
}

/** Runs the work as part of the span. */
export function inSpan<Result>(span: Span | undefined, work: () => Result): Result {
  return span === undefined ? work() : context.with(trace.setSpan(context.active(), span), work);
}

/** Runs the work in a span of its own; an error that it throws is noted by its name. */
export async function traced<Result>(
  name: string,
  options: { readonly kind?: SpanKind; readonly traceparent?: string },
  work: () => Promise<Result>,
): Promise<Result> {
  if (!isTracing) return work();
  const remote = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: options.traceparent }));
  const links = remote ? [{ context: remote }] : [];
  return tracer.startActiveSpan(name, { kind: options.kind, links }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The present span as W3C `traceparent`, `undefined` when nothing is traced. */
export function currentTraceparent(): string | undefined {
  if (!isTracing) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
