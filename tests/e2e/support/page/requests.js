/** Loaded on demand: code that knows nothing of tokens, sends by XMLHttpRequest, and notes all that it is told. */
(() => {
  /** Sends as `name` of the scenarios below says, and resolves with what came of it. */
  window.play = (name, path) => {
    path ??= `/api/echo?as=${crypto.randomUUID()}`;
    const request = new XMLHttpRequest();
    const { told, over } = listen(request);
    const body = scenarios[name](request, path);
    request.send(body || undefined);
    return over.then(async () => ({ told, ...(await result(request)) }));
  };

  /** As {@link play}, but what it resolves with is there later, from {@link played}. */
  window.begin = (name, path) => {
    window.playing = play(name, path);
  };

  window.played = () => playing;

  /** Several at once: how many ended with which status. */
  window.playAll = async (count, name = "text") => {
    const all = await Promise.all(Array.from({ length: count }, () => play(name)));
    return tally(all.map(({ status }) => status));
  };

  window.scenarios = {
    text: (request, path) => request.open("GET", path),
    json: (request, path) => asking(request, path, "json"),
    blob: (request, path) => asking(request, path, "blob"),
    arraybuffer: (request, path) => asking(request, path, "arraybuffer"),
    document: (request, path) => {
      request.overrideMimeType("text/xml");
      asking(request, path, "document");
    },
    method: (request, path) => request.open("DELETE", new URL(path, location.href)),
    head: (request, path) => request.open("head", path, true, null, undefined),
    headers: (request, path) => {
      request.open("GET", path);
      request.setRequestHeader("X-Custom", "one");
      request.setRequestHeader("x-custom", "two");
    },
    credentials: (request, path) => {
      request.withCredentials = true;
      request.open("GET", path, true);
    },
    string: (request, path) => posting(request, path, "a text: ü"),
    typed: (request, path) => {
      request.open("PUT", path);
      request.setRequestHeader("Content-Type", "application/json");
      return '{"a":1}';
    },
    form: (request, path) => {
      const form = new FormData();
      form.append("a", "1");
      form.append("file", new File(["content"], "name.txt", { type: "text/plain" }));
      return posting(request, path, form, () => form.append("late", "2"));
    },
    parameters: (request, path) => {
      const parameters = new URLSearchParams({ a: "1" });
      return posting(request, path, parameters, () => parameters.append("late", "2"));
    },
    bytes: (request, path) => {
      const bytes = new Uint8Array([0, 1, 2, 3, 4]);
      return posting(request, path, bytes.subarray(1, 4), () => bytes.fill(9));
    },
    buffer: (request, path) => {
      const { buffer } = new Uint8Array([1, 2, 3]);
      return posting(request, path, buffer, () => new Uint8Array(buffer).fill(9));
    },
    blobs: (request, path) => posting(request, path, new Blob(["bytes"], { type: "image/png" })),
    page: (request, path) => posting(request, path, new DOMParser().parseFromString("<a><b/></a>", "text/xml")),
    large: (request, path) => posting(request, path, new Uint8Array(3_000_000)),
    impatient: (request, path) => {
      request.open("GET", path);
      request.timeout = 500;
    },
  };

  function asking(request, path, type) {
    request.open("GET", path, true);
    request.responseType = type;
  }

  /** `change` is done to the body as soon as it was sent: too late to matter. */
  function posting(request, path, body, change) {
    request.open("POST", path);
    if (change) queueMicrotask(change);
    return body;
  }

  function listen(request) {
    const told = [];
    const note = ({ type, target, loaded }) => {
      // How often there is progress, and when, is up to the network.
      const state = type === "progress" ? "" : ` ${request.readyState} ${request.status}`;
      const where = target === request ? type + state : `upload ${type}`;
      const isRepeated = /progress|change 3/.test(where) && told.includes(where);
      if (!isRepeated) told.push(type === "load" ? `${where} ${loaded > 0}` : where);
    };
    const types = ["loadstart", "progress", "load", "error", "timeout", "abort", "loadend"];
    // Both ways of listening; what is heard in one of them would be heard in the other.
    for (const type of types) request[`on${type}`] = note;
    for (const type of types) request.upload.addEventListener(type, note);
    request.addEventListener("readystatechange", note);
    window.request = request;
    window.told = told;
    return { told, over: new Promise((resolve) => request.addEventListener("loadend", resolve)) };
  }

  async function result(request) {
    const { status, statusText, response, responseType, responseURL, readyState } = request;
    const headers = request
      .getAllResponseHeaders()
      .split("\r\n")
      .filter((line) => /^content-type/i.test(line));
    return {
      status,
      statusText,
      readyState,
      responseType,
      headers,
      path: responseURL && new URL(responseURL).pathname,
      response: await readable(response),
    };
  }

  async function readable(response) {
    if (response instanceof Blob) return `blob ${response.type} ${hidden(await response.text())}`;
    if (response instanceof ArrayBuffer) return `buffer ${hidden(new TextDecoder().decode(response))}`;
    if (response instanceof Document) return `document ${new XMLSerializer().serializeToString(response)}`;
    return hidden(typeof response === "string" ? response : JSON.stringify(response));
  }

  /** Boundaries of forms are made at random. */
  function hidden(text) {
    return text?.replace(/-{4,}[\w]+/g, "BOUNDARY").slice(0, 1_000);
  }
})();
