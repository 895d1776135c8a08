/** Two tools that replace the page's `fetch`. Whatever they would send to their collectors is in `recorded()`. */
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { InMemorySpanExporter, SimpleSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import * as Sentry from "@sentry/browser";

const exporter = new InMemorySpanExporter();
new WebTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
registerInstrumentations({ instrumentations: [new FetchInstrumentation()] });

const envelopes = [];
const transport = () => ({
  send: async (envelope) => {
    envelopes.push(envelope);
    return {};
  },
  flush: async () => true,
});

Sentry.init({
  dsn: "https://key@sentry.example/1",
  transport,
  integrations: [Sentry.httpClientIntegration({ failedRequestStatusCodes: [[400, 599]] })],
});

/** The URLs of the spans, of the breadcrumbs and of the failures that are reported, and all of it as text. */
export function recorded() {
  const spans = exporter.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events }));
  const breadcrumbs = Sentry.getIsolationScope().getScopeData().breadcrumbs;
  const reports = envelopes.flatMap(([, items]) => items.map(([, item]) => item));
  return {
    spans: spans.map(({ attributes }) => attributes["url.full"]),
    breadcrumbs: breadcrumbs.filter(({ category }) => category === "fetch").map(({ data }) => data.url),
    failures: reports.flatMap(({ request }) => request?.url ?? []),
    all: JSON.stringify([spans, breadcrumbs, envelopes]),
  };
}
