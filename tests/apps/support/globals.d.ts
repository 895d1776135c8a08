/** The globals of the apps' pages. Functions that tests send into a page use them. */
import type { AxiosInstance, AxiosStatic } from "axios";
import type { TokenManager, WasmSource } from "tokenhold";
import type { attachTokens as attach } from "tokenhold/axios";

declare global {
  // The app `axios`.
  var axios: AxiosStatic;
  var api: AxiosInstance;
  var attachTokens: typeof attach;
  var detach: () => void;
  var behaviours: { outcome: (api: AxiosInstance, name: string) => Promise<unknown> };

  // The app `libraries`.
  var clients: Record<string, Client>;
  var intercepted: () => Promise<Record<string, unknown>>;

  // The app `tracing`.
  var recorded: () => { spans: string[]; breadcrumbs: string[]; failures: string[]; all: string };
  var send: TokenManager["fetch"];

  // The app of `policy.test.mjs`.
  var create: (wasm: WasmSource) => Promise<TokenManager>;

  // Tests leave this for their next step.
  var over: Promise<unknown>;
}

interface Client {
  read: () => Promise<{ name: string }>;
  write: (text: string) => Promise<{ text: string }>;
  abortable: (signal: AbortSignal) => Promise<unknown>;
}
