// src/traced.js
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("app");
const setter = { set: (headers, name, value) => headers.set(name, value) };

/** A `fetch` with one span for each call, however often `send` sends the request. */
export const traced = (send) => (input, init) => {
  const request = new Request(input, init);
  const attributes = { "http.request.method": request.method, "url.full": request.url };
  return tracer.startActiveSpan(request.method, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    propagation.inject(context.active(), request.headers, setter);
    try {
      const response = await send(request);
      span.setAttribute("http.response.status_code", response.status);
      return response;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
};
