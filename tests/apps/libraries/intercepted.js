/** Libraries that take no `fetch`. They send by the page's own, or by its XMLHttpRequest, which carry the token meanwhile. */
import Uppy from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";
import Hls from "hls.js";
import { io } from "socket.io-client";
import { Upload } from "tus-js-client";

/** Each does something that takes requests of different kinds, and resolves with what came of it. */
const clients = { tus, uppy, hls, socket };

/** Does `work` with each of them at once; resolves with what came of it, by name. */
export const intercepted = (tokens) => async () => {
  const undo = tokens.intercept(globalThis);
  try {
    const results = Object.entries(clients).map(async ([name, client]) => [name, await client()]);
    return Object.fromEntries(await Promise.all(results));
  } finally {
    undo();
  }
};

/** Uploads a text in chunks of four bytes. */
function tus() {
  return new Promise((resolve, reject) => {
    const options = { endpoint: "/api/files", chunkSize: 4, retryDelays: null, storeFingerprintForResuming: false };
    const file = new Blob(["0123456789"]);
    new Upload(file, { ...options, onError: reject, onSuccess: () => resolve("uploaded") }).start();
  });
}

async function uppy() {
  const uppy = new Uppy().use(XHRUpload, { endpoint: "/api/forms", fieldName: "file" });
  uppy.addFile({ name: "note.txt", type: "text/plain", data: new Blob(["a note"]) });
  const { successful, failed } = await uppy.upload();
  if (failed.length > 0) throw failed[0].error;
  return successful.map(({ response }) => response.body);
}

/** Reads a playlist; what it lists is loaded only when somebody plays it. */
function hls() {
  return new Promise((resolve, reject) => {
    const player = new Hls({ autoStartLoad: false });
    player.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => resolve(levels.length));
    player.on(Hls.Events.ERROR, (_, { details }) => reject(new Error(details)));
    player.loadSource("/api/film.m3u8");
  });
}

/** As long as it polls: a WebSocket carries no header. */
async function socket() {
  const socket = io({ path: "/api/socket", transports: ["polling"], reconnection: false });
  const said = new Promise((resolve, reject) => {
    socket.on("said", resolve);
    socket.on("connect_error", reject);
  });
  try {
    return await said;
  } finally {
    socket.disconnect();
  }
}
