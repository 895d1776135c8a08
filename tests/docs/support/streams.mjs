/** A browser's part in streams: server-sent events and WebSockets, each as a stream of what arrives. */
import { on } from "node:events";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { require } from "./workshop.mjs";

const { WebSocket } = require("ws");

/**
 * Asks for server-sent events. Resolves with the answer, and `received`: what arrives, until the end.
 *
 * @param {string} url
 * @param {Record<string, string>} [headers]
 */
export async function openEvents(url, headers = {}) {
  const answer = await new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on("error", reject);
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    received: dataIn(createInterface(answer)),
    close: () => answer.destroy(),
  };
}

async function* dataIn(lines) {
  for await (const line of lines) if (line.startsWith("data: ")) yield line.slice(6);
}

/**
 * Opens a WebSocket as a page of `origin` would. Resolves with `{ status }` of the answer and, if that is 101, `send(text)`,
 * `received`, and `code`: what it is closed with.
 *
 * @param {string} url
 * @param {string} [origin]
 */
export function openSocket(url, origin) {
  const socket = new WebSocket(url.replace(/^http/, "ws"), { origin });
  const received = textIn(on(socket, "message", { close: ["close"] }));
  const code = new Promise((resolve) => socket.once("close", resolve));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () =>
      resolve({ status: 101, received, code, send: (text) => socket.send(text), close: () => socket.terminate() }),
    );
    socket.once("unexpected-response", (request, { statusCode: status }) => {
      resolve({ status });
      request.destroy();
    });
  });
}

async function* textIn(messages) {
  for await (const [data] of messages) yield String(data);
}

/** The next of what arrives; fails if there is none. */
export async function next({ received }) {
  const { done, value } = await received.next();
  if (done) throw new Error("the stream has ended");
  return value;
}

/** Resolves when nothing arrives any more. */
export async function ended({ received }) {
  while (!(await received.next()).done);
}
