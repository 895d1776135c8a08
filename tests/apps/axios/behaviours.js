/** The abilities of an axios instance: each behaviour gets an instance, and returns the outcome. */
import axios from "axios";

export const succeeding = {
  json: (api) => api.post("/echo", { a: 1 }),
  form: (api) => api.postForm("/echo", { a: 1, file: new File(["content"], "name.txt", { type: "text/plain" }) }),
  parameters: (api) => api.put("/echo", new URLSearchParams({ a: "1" }), { params: { b: [1, 2] } }),
  bytes: (api) => api.patch("/echo", new Uint8Array([1, 2, 3])),
  blob: (api) => api.get("/echo", { responseType: "blob" }),
  buffer: (api) => api.get("/echo", { responseType: "arraybuffer" }),
  text: (api) =>
    api.get("/echo", { responseType: "text", transformResponse: (data) => `${typeof data} ${data.length > 0}` }),
  accepted: (api) => api.get("/missing", { validateStatus: () => true }),
  intercepted: async (api) => {
    const one = api.interceptors.request.use((config) => (config.headers.set("X-Custom", "one"), config));
    const two = api.interceptors.response.use((response) => ({ ...response, data: { wrapped: response.data } }));
    const answer = await api.get("/echo");
    api.interceptors.request.eject(one);
    api.interceptors.response.eject(two);
    return answer;
  },
  progress: async (api) => {
    const last = {};
    const note =
      (name) =>
      ({ loaded, total, progress }) =>
        (last[name] = { loaded, total, progress });
    const events = { onUploadProgress: note("upload"), onDownloadProgress: note("download") };
    const answer = await api.post("/echo", "x".repeat(300_000), events);
    return { ...answer, data: { ...answer.data, ...last } };
  },
};

export const failing = {
  missing: (api) => api.get("/missing"),
  refused: (api) => api.get("/echo", { validateStatus: (status) => status > 200 }),
  malformed: (api) => api.get("/page", { responseType: "json", transitional: { silentJSONParsing: false } }),
  cut: (api) => api.get("/cut"),
  timeout: (api) => api.get("/slow", { timeout: 700 }),
  clarified: (api) => api.get("/slow", { timeout: 700, transitional: { clarifyTimeoutError: true } }),
  worded: (api) => api.get("/slow", { timeout: 700, timeoutErrorMessage: "too slow" }),
  aborted: (api) => api.get("/slow", { signal: soon(new AbortController()).signal }),
  canceled: (api) => {
    const source = axios.CancelToken.source();
    setTimeout(() => source.cancel("no more"), 300);
    return api.get("/slow", { cancelToken: source.token });
  },
};

/** Has `api` do what is called `name`, and tells all that can be told of it in JSON. */
export async function outcome(api, name) {
  try {
    return { answer: await described(await (succeeding[name] ?? failing[name])(api)) };
  } catch (error) {
    const { message, code, status, config, request, response, constructor, cause } = error;
    const error_ = {
      message,
      code,
      status,
      kind: [axios.isAxiosError(error), axios.isCancel(error), constructor === axios.AxiosError],
    };
    const details = {
      timeout: config?.timeout,
      method: config?.method,
      hasRequest: Boolean(request),
      cause: cause?.name,
    };
    return { error: { ...error_, ...details, ...reveals(error) }, answer: response && (await described(response)) };
  }
}

async function described({ data, status, statusText, headers, config, request }) {
  const { method, url, responseType, adapter } = config;
  const read =
    data instanceof Blob ? await data.text() : data instanceof ArrayBuffer ? new TextDecoder().decode(data) : data;
  const type = headers["content-type"];
  const seen = {
    kind: Object.prototype.toString.call(data),
    data: JSON.stringify(read).replace(/-{4,}\w+/g, "BOUNDARY"),
  };
  return {
    ...seen,
    status,
    statusText,
    type,
    method,
    url,
    responseType,
    hasAdapter: Boolean(adapter),
    ...reveals({ config, request }),
  };
}

/** Whether a token can be read from what the app is given. */
function reveals({ config, request, response }) {
  const headers = [config, response?.config].map((each) => String(each?.headers?.get("Authorization") ?? ""));
  const sent = [request, response?.request].map((each) =>
    each instanceof Request ? (each.headers.get("Authorization") ?? "") : "",
  );
  return { isRevealed: /Bearer/.test([...headers, ...sent].join(" ")) };
}

function soon(controller) {
  setTimeout(() => controller.abort(), 300);
  return controller;
}
