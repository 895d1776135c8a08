import type { Send } from "./intercept.ts";
import { TRANSPORT } from "./transport.ts";

type Opening = [method: string, url: string | URL, isAsync?: boolean, user?: string | null, password?: string | null];
type Body = Parameters<XMLHttpRequest["send"]>[0];

/** A request that is under way, of which it is not known yet whether its answer will be the app's. */
interface Run {
  end: () => void;
  /** What has happened to the real request, and its state at that time; the app has not been told. */
  held?: [event: Event, readyState: number][];
  answered?: (answer: object) => void;
  failed?: () => void;
  read?: () => void;
}

const EVENTS = ["readystatechange", "loadstart", "progress", "load", "error", "timeout", "abort", "loadend"];

/**
 * A class for the place of `Native`: a real request each, so that all of it is as ever. One to `isOurs` goes out when
 * `send` says so, with the token, and again if it must. Of an answer that is not the app's, the app hears nothing.
 *
 * @internal
 */
export function managed(
  Native: typeof XMLHttpRequest,
  isOurs: (url: string | URL) => boolean,
  send: Send,
): typeof XMLHttpRequest {
  return class XMLHttpRequest extends Native {
    /** How to open it again, if it may have the token. */
    #opening: Opening | undefined;
    #headers: [string, string][] = [];
    #run: Run | undefined;
    /** What the app is told while it is not the real one's. */
    #state: number | undefined;

    constructor() {
      super();
      // Before anybody else listens. Not to `upload`, where a listener would cause a preflight.
      for (const type of EVENTS) this.addEventListener(type, (event) => this.#hear(event));
    }

    override get readyState(): number {
      return this.#state ?? (this.#run ? 1 : super.readyState);
    }

    override open(...opening: Opening): void {
      const [, url, isAsync = opening.length < 3, user] = opening;
      this.#cancel();
      this.#headers = [];
      this.#opening = isAsync && user == null && isOurs(url) ? opening : undefined;
      super.open(...(opening as [string, string, boolean]));
    }

    override setRequestHeader(name: string, value: string): void {
      super.setRequestHeader(name, value);
      this.#headers.push([name, value]);
      if (/^authorization$/i.test(name)) this.#opening = undefined;
    }

    override send(body?: Body): void {
      if (!this.#opening || super.readyState !== 1) super.send(body);
      else if (!this.#run) this.#start(this.#opening, fixed(body));
    }

    override abort(): void {
      if (this.#run) {
        this.#end("abort");
        return;
      }
      this.#state = undefined;
      super.abort();
    }

    async #start(opening: Opening, body: Body): Promise<void> {
      const controller = new AbortController();
      // The real one counts from when it is sent.
      const timer = this.timeout && setTimeout(() => this.#end("timeout"), this.timeout);
      const run: Run = (this.#run = {
        end: () => {
          clearTimeout(timer);
          controller.abort();
          run.failed?.();
        },
      });
      const transport = async ({ headers }: Request) => {
        // In the midst of its event, WebKit would take what is left of the old answer for the new one's.
        if (run.held) await new Promise((resolve) => setTimeout(resolve));
        return new Promise<unknown>((answered, failed) => {
          if (this.#run !== run) return failed();
          const authorization = headers.get("Authorization");
          if (run.held) {
            super.open(opening[0], opening[1], true);
            for (const header of this.#headers) super.setRequestHeader(...header);
          }
          if (authorization) super.setRequestHeader("Authorization", authorization);
          super.send(body);
          Object.assign(run, { held: [], answered, failed });
        });
      };
      const [method, url] = opening;
      try {
        await send(url, { method, signal: controller.signal, [TRANSPORT]: transport });
      } catch {
        // Unless it is the real one that has failed, and has said so.
        if (this.#run === run && (super.status || !run.held?.length)) return this.#end("error");
      }
      if (this.#run !== run) return;
      clearTimeout(timer);
      this.#run = undefined;
      if (this.#tell(run.held!)) this.#state = undefined;
    }

    #hear(event: Event): void {
      const run = this.#run;
      if (!run?.held) return;
      event.stopImmediatePropagation();
      run.held.push([event, super.readyState]);
      if (super.status) run.answered!(this.#answer(run));
      if (event.type === "loadend") {
        run.read?.();
        run.failed!();
      }
    }

    /** What the manager judges by. */
    #answer(run: Run): object {
      const { status } = this;
      const clone = () => {
        const { readable, writable } = new TransformStream();
        const text = () => (super.responseType === "json" ? JSON.stringify(super.response) : super.response);
        run.read = () => void new Blob([text()]).stream().pipeTo(writable);
        if (super.readyState === 4) run.read();
        const headers = [...super.getAllResponseHeaders().matchAll(/^(.+?): (.*)\r$/gm)].map(([, ...pair]) => pair);
        return new Response(readable, { status, headers: headers as [string, string][] });
      };
      return { status, clone, headers: { get: (name: string) => super.getResponseHeader(name) } };
    }

    /** Ends it before it has an answer. */
    #end(type: "abort" | "error" | "timeout"): void {
      super.abort();
      this.#cancel();
      const isTold = this.#tell(["readystatechange", type, "loadend"].map((each) => [new Event(each), 4]));
      if (isTold && type === "abort") this.#state = 0;
    }

    #cancel(): void {
      const run = this.#run;
      this.#run = this.#state = undefined;
      run?.end();
    }

    /** Tells the app, as long as that does not make it begin anew. */
    #tell(held: [Event, number][]): boolean {
      return held.every(([event, state]) => {
        this.#state = state;
        this.dispatchEvent(new ProgressEvent(event.type, event));
        return this.#state === state;
      });
    }
  };
}

/** What the app may change before it is sent, or sent again. */
function fixed(body: Body): Body {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new Blob([body]);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}
