import { AxiosError, AxiosHeaders, type AxiosInstance, type AxiosResponse, CanceledError, getAdapter } from "axios";
import type { AxiosAdapter, InternalAxiosRequestConfig } from "axios";
import { isTokenholdError, type TokenManager } from "../index.ts";
import { added, TRANSPORT } from "../transport.ts";

/**
 * Adds the token to requests of `instance` to the manager's `attachTo` origins. A request waits for the token if
 * necessary. If the token is rejected, the manager refreshes, and sends the request once more. The instance's own
 * adapter sends, so everything else works as before: interceptors, transformers, progress, cancellation, `timeout`
 * (which includes the wait),
 * `validateStatus`. A request with `auth` or its own `Authorization` header is left alone. Returns a function that
 * undoes this.
 *
 * An error of the manager becomes the `cause` of an `AxiosError` with the same `code`, such as `refresh-failed`.
 */
export function attachTokens(instance: AxiosInstance, tokens: Pick<TokenManager, "fetch">): () => void {
  const { defaults } = instance;
  const native = defaults.adapter;
  const ours: AxiosAdapter = (config) => {
    const send = getAdapter(native, config);
    if (config.auth || config.headers.has("Authorization")) return send(config);
    return new Exchange(config, send).by(tokens, instance.getUri(config));
  };
  defaults.adapter = ours;
  return () => {
    if (defaults.adapter === ours) defaults.adapter = native!;
  };
}

/** One request of the app: its attempts, and the wait before them. */
class Exchange {
  readonly #config: InternalAxiosRequestConfig;
  readonly #send: AxiosAdapter;
  readonly #start = performance.now();
  /** Ends the wait. An attempt handles cancellation and the timeout itself. */
  readonly #waiting = new AbortController();
  /** The headers with the token. */
  #added: Record<string, string> = {};
  #isSending = false;
  #hasWaited = false;
  #attempt: Promise<AxiosResponse> | undefined;

  constructor(config: InternalAxiosRequestConfig, send: AxiosAdapter) {
    this.#config = config;
    this.#send = send;
  }

  async by(tokens: Pick<TokenManager, "fetch">, url: string): Promise<AxiosResponse> {
    const { method = "get", timeout, signal, cancelToken, data } = this.#config;
    const canceled = () => new CanceledError(undefined, this.#config);
    const cancel = (why: unknown) => this.#stop(why instanceof CanceledError ? why : canceled());
    const timer = timeout && setTimeout(() => this.#stop(this.#lateness()), timeout);
    signal?.addEventListener?.("abort", cancel);
    cancelToken?.subscribe(cancel);
    // The manager does not send the body, but has to know whether it can be sent twice.
    const body = data instanceof ReadableStream ? new ReadableStream() : null;
    const init = { method, body, duplex: "half", signal: this.#waiting.signal, [TRANSPORT]: this.#transport };
    try {
      const sent = tokens.fetch(url, init);
      this.#hasWaited = true;
      await sent;
    } catch (error) {
      if (isTokenholdError(error)) throw AxiosError.from(error, error.code, this.#config);
      if (this.#waiting.signal.aborted) throw error;
      // The manager does not handle requests that cannot be fetched.
      this.#attempt ??= this.#send(this.#config);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener?.("abort", cancel);
      cancelToken?.unsubscribe(cancel);
    }
    return this.#attempt!;
  }

  readonly #transport = async (request: Request): Promise<object> => {
    this.#isSending = true;
    this.#added = Object.fromEntries(added(request, (name) => this.#config.headers.has(name)));
    this.#attempt = this.#send(this.#withToken());
    const failed = (error: AxiosError) => [error?.response, error] as const;
    const [response, error] = await this.#attempt.then((response) => [response] as const, failed);
    this.#isSending = false;
    for (const each of [response, error]) this.#forgetToken(each);
    if (response) return judged(response);
    throw error;
  };

  #withToken(): InternalAxiosRequestConfig {
    const { headers, timeout } = this.#config;
    const left = timeout && this.#hasWaited && Math.max(1, Math.round(timeout - (performance.now() - this.#start)));
    return {
      ...this.#config,
      headers: headers.concat(this.#added),
      ...(left && { timeout: left, timeoutErrorMessage: this.#lateness().message }),
    };
  }

  /** Apps log answers and errors, which contain the config of the request. */
  #forgetToken(answer: AxiosResponse | AxiosError | undefined): void {
    if (answer?.config) answer.config = this.#config;
    if (answer?.request instanceof Request)
      for (const name of Object.keys(this.#added)) answer.request.headers.delete(name);
  }

  #stop(reason: AxiosError): void {
    if (!this.#isSending) this.#waiting.abort(reason);
  }

  #lateness(): AxiosError {
    const { timeout, timeoutErrorMessage, transitional } = this.#config;
    const code = transitional?.clarifyTimeoutError ? "ETIMEDOUT" : "ECONNABORTED";
    return new AxiosError(timeoutErrorMessage || `timeout of ${timeout}ms exceeded`, code, this.#config);
  }
}

/** The response by which the manager decides. */
function judged({ status, headers, data }: AxiosResponse): object {
  const names = AxiosHeaders.from(headers as AxiosHeaders);
  const clone = () => new Response(data, { status, headers: names.toJSON(true) as Record<string, string> });
  return { status, headers: names, clone };
}
