/** The globals that the scripts in this folder, and some tests, make in pages. Functions that tests send there use them. */
import type { Snapshot, TokenEvent, TokenManager, TokenManagerOptions } from "tokenhold";
import type { TokenholdInspector } from "tokenhold/inspector";

declare global {
  // agent.js, in every tab.
  var tokens: Manager;
  var events: Noted[];
  var mishaps: unknown[];
  var longestWait: number;
  var restored: number;
  var start: (options?: Partial<TokenManagerOptions>) => Promise<void>;
  var signIn: (username: string) => Promise<void>;
  var outcome: (request: Promise<unknown>) => Promise<number | string>;
  var burst: (count: number, path: string) => Promise<Tally>;
  var tally: (outcomes: (number | string)[]) => Tally;
  var serveAgain: () => Promise<void>;
  var reach: (status: Snapshot["status"]) => Promise<void>;
  var hangUp: () => Promise<unknown>;

  // witness.js, in every tab.
  var witness: {
    seen: { messages: object[]; console: object[]; timers: { kind: string; delay?: number; at: number }[] };
    findings: (secrets: string[], extra?: object) => Promise<string[]>;
  };

  // census.js
  var census: () => Record<"listeners" | "timers" | "frames" | "channels" | "locks" | "memory", number>;
  var loopback: typeof fetch;
  var refreshes: (count: number) => Promise<void>;
  var requests: (count: number) => Promise<void>;

  // requests.js
  var scenarios: Record<string, Scenario>;
  var play: (name: string, path?: string) => Promise<Played>;
  var begin: (name: string, path?: string) => void;
  var playing: Promise<Played>;
  var played: () => Promise<Played>;
  var playAll: (count: number, name?: string) => Promise<Tally>;
  var request: XMLHttpRequest;
  var told: string[];

  // inspected.js and strict.js, in frames.
  var violations: string[];
  var inspector: TokenholdInspector;
  var shown: () => Shown;
  interface Window {
    XMLHttpRequest: typeof XMLHttpRequest;
    tokens: Manager;
    violations: typeof violations;
    census: typeof census;
    inspector: typeof inspector;
    createTokens: (options?: Partial<TokenManagerOptions> & { isWatched?: boolean }) => Promise<void>;
    addInspector: () => Promise<void>;
    removeInspector: () => void;
    appendInspector: (given: { note: string }) => Promise<void>;
    shown: typeof shown;
    see: (is: (now: Shown) => unknown) => Promise<Shown>;
    manager: Promise<TokenManager>;
    makeBlobWorker: () => void;
    trustedTypes?: { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => string } };
  }

  // Tests leave these for their next step.
  var abortable: Promise<unknown>;
  var bytes: (count: number) => Uint8Array<ArrayBuffer>;
  var caught: unknown;
  var controller: AbortController;
  var heard: number;
  var json: (value: unknown) => RequestInit;
  var memory: WebAssembly.Memory;
  var overheard: (Uint8Array | string)[];
  var planted: object;
  var refreshed: Promise<void>;
  var sent: [url: string, authorization: string | null][];
  var undo: () => void;
  var wallClock: () => number;
  var worker: Worker;
}

/** A manager that may have been created with `exposeToken`. */
type Manager = TokenManager & { accessToken?: () => Promise<string> };
type Noted = { kind: string; event: Partial<TokenEvent> & { code?: string }; at?: number };
/** Opens the request, and may return a body. */
type Scenario = ((request: XMLHttpRequest, path: string) => void) | ((request: XMLHttpRequest, path: string) => Body);
type Body = Document | XMLHttpRequestBodyInit;
type Tally = Record<number | string, number>;
type Played = { told: string[]; status: number; response: unknown; headers: string[] };
type Shown = Record<"status" | "tab" | "left" | "situation", string | null> & {
  here: Record<string, string>;
  everywhere: Record<string, string>;
  lines: string[];
};
