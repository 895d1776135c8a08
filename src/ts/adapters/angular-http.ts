/**
 * tokenhold for Angular's `HttpClient`.
 *
 * @packageDocumentation
 */
import {
  HttpContextToken,
  HttpErrorResponse,
  type HttpEvent,
  type HttpHandlerFn,
  type HttpInterceptorFn,
  type HttpRequest,
  HttpResponse,
} from "@angular/common/http";
import { inject, NgZone } from "@angular/core";
import { Observable } from "rxjs";
import type { TokenManager } from "../index.ts";
import { added, TRANSPORT } from "../transport.ts";
import { injectTokens } from "./angular.ts";

/** {@link tokenholdInterceptor} leaves a request alone if its context has this. */
export const WITHOUT_TOKEN: HttpContextToken<boolean> = new HttpContextToken(() => false);

/**
 * Adds the token to requests of `HttpClient` to the origins in `attachTo`. A request waits for the token if necessary,
 * and is sent once more if the token is rejected. Everything else works as before: the backend that sends, progress,
 * timeouts, other interceptors. Interceptors after this one see the header, and every attempt. An error of the manager
 * is the `error` of an
 * `HttpErrorResponse`.
 *
 * Passes on all other requests unchanged, and also requests that have their own `Authorization` header or
 * {@link WITHOUT_TOKEN}, and all requests on a server.
 */
export const tokenholdInterceptor: HttpInterceptorFn = (request, next) => {
  const isOurs = !request.headers.has("Authorization") && !request.context.get(WITHOUT_TOKEN);
  if (typeof location === "undefined" || !isOurs) return next(request);
  const zone = inject(NgZone);
  return exchange(request, next, injectTokens(), (action) => zone.run(action));
};

type Answer = HttpResponse<unknown> | HttpErrorResponse;

/**
 * Lets the manager send a request through `next`, perhaps twice, so that Angular does everything else. The app sees the
 * events of every attempt, and the last answer. `run` brings the manager's calls into the app's zone.
 */
function exchange(
  request: HttpRequest<unknown>,
  next: HttpHandlerFn,
  tokens: TokenManager,
  run: (action: () => void) => void,
): Observable<HttpEvent<unknown>> {
  return new Observable((app) => {
    const { method, urlWithParams: url } = request;
    const leaving = new AbortController();
    const { signal } = leaving;
    let answer: Answer | undefined;
    const send = (sent: Request) =>
      new Promise((resolve, reject) => {
        const setHeaders = Object.fromEntries(added(sent, (name) => request.headers.has(name)));
        const outgoing = request.clone({ setHeaders });
        const settle = (given: Answer) => resolve(judged((answer = given)));
        run(() => {
          const attempt = next(outgoing).subscribe({
            next: (event) => (event instanceof HttpResponse ? settle(event) : app.next(event)),
            error: (error) => (error.status ? settle(error) : reject(error)),
          });
          signal.addEventListener("abort", () => attempt.unsubscribe());
        });
      });
    const finish = () => {
      if (!(answer instanceof HttpResponse)) return app.error(answer);
      app.next(answer);
      app.complete();
    };
    // An error of `next` reaches the app unchanged.
    const fail = (error: unknown) => app.error(error instanceof Error ? new HttpErrorResponse({ error, url }) : error);
    tokens.fetch(url, { method, signal, [TRANSPORT]: send } as RequestInit).then(finish, fail);
    return () => leaving.abort();
  });
}

/** The response by which the manager decides. */
function judged(answer: Answer) {
  const { status, headers } = answer;
  const clone = () => {
    const body = answer instanceof HttpResponse ? answer.body : answer.error;
    const isSendable = body === null || typeof body === "string" || body instanceof Blob || body instanceof ArrayBuffer;
    const lines = headers.keys().map((name): [string, string] => [name, headers.get(name) ?? ""]);
    return new Response(isSendable ? body : JSON.stringify(body), { status, headers: lines });
  };
  return { status, headers, clone };
}
