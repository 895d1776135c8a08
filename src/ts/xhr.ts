import type { Send } from "./intercept.ts";
import { added, TRANSPORT } from "./transport.ts";

type Opening = [method: string, url: string | URL, isAsync?: boolean, user?: string | null, password?: string | null];
type Body = Parameters<XMLHttpRequest["send"]>[0];

/** A request under way. The manager has not decided yet whether its answer is for the app. */
interface Run {
  end: () => void;
  /** An event of the real request that the app has not seen yet, and the request's state at that time. */
  held?: [event: Event, readyState: number][];
  answered?: (answer: object) => void;
  failed?: () => void;
  read?: () => void;
}

const EVENTS = ["readystatechange", "loadstart", "progress", "load", "error", "timeout", "abort", "loadend"];

/**
 * A class that replaces `Native`. Each instance is a real request, so everything else works as before. A request to
 * `isOurs` leaves when `send` says so, with the token, and again if necessary. The app sees no event of an answer that
 * is not for it.
 *
 * @internal
 */
export function managed(
  Native: typeof XMLHttpRequest,
  isOurs: (url: string | URL) => boolean,
  send: Send,
): typeof XMLHttpRequest {
  return class XMLHttpRequest extends Native {
    /** The arguments to open it again, if it may have the token. */
    #opening: Opening | undefined;
    #headers: [string, string][] = [];
    #run: Run | undefined;
    /** The state that the app sees while it differs from the real request's. */
    #state: number | undefined;

    constructor() {
      super();
      // Another library's function in the place of the class has made a request without the methods below.
      if (this.open === Native.prototype.open) Object.setPrototypeOf(this, new.target.prototype);
      // Before any other listener. Not on `upload`, where a listener would cause a preflight.
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
      // The real request counts from the moment when it is sent.
      const timer = this.timeout && setTimeout(() => this.#end("timeout"), this.timeout);
      const run: Run = (this.#run = {
        end: () => {
          clearTimeout(timer);
          controller.abort();
          run.failed?.();
        },
      });
      const transport = async (request: Request) => {
        // During its event, WebKit would take the rest of the old answer for the new answer.
        if (run.held) await new Promise((resolve) => setTimeout(resolve));
        return new Promise<unknown>((answered, failed) => {
          if (this.#run !== run) return failed();
          const has = (name: string) => this.#headers.some(([own]) => own.toLowerCase() === name);
          if (run.held) {
            super.open(opening[0], opening[1], true);
            for (const header of this.#headers) super.setRequestHeader(...header);
          }
          for (const header of added(request, has)) super.setRequestHeader(...header);
          super.send(body);
          Object.assign(run, { held: [], answered, failed });
        });
      };
      const [method, url] = opening;
      try {
        await send(url, { method, headers: this.#headers, signal: controller.signal, [TRANSPORT]: transport });
      } catch {
        // Unless the real request has failed, and has raised the event itself.
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

    /** The response by which the manager decides. */
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

    /** Ends the request before it has an answer. */
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

    /** Raises the events for the app, until a listener starts the request again. */
    #tell(held: [Event, number][]): boolean {
      return held.every(([event, state]) => {
        this.#state = state;
        this.dispatchEvent(new ProgressEvent(event.type, event));
        return this.#state === state;
      });
    }
  };
}

/** A copy of a body that the app may change before the request is sent, or sent again. */
function fixed(body: Body): Body {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new Blob([body]);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}
