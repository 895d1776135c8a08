/** As much of a page as both worlds look at. */
const origin = "https://app.example";

export function standInPage() {
  const target = new EventTarget();
  globalThis.location = { origin, href: `${origin}/` };
  globalThis.addEventListener = target.addEventListener.bind(target);
  globalThis.removeEventListener = target.removeEventListener.bind(target);
  const NodeRequest = globalThis.Request;
  globalThis.Request = class Request extends NodeRequest {
    constructor(input, init) {
      super(typeof input === "string" ? new URL(input, location.href) : input, init);
    }
  };
  return {
    reset() {
      globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible", cookie: "" });
    },
    setCookie(cookie) {
      document.cookie = cookie;
    },
    dispatch(type) {
      target.dispatchEvent(new Event(type));
    },
  };
}
