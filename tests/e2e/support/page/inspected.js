/**
 * In a frame whose policy forbids all that can be forbidden: a manager with an inspector, and what both have been up
 * to.
 */
window.violations = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, sourceFile }) =>
  violations.push(`${effectiveDirective} ${sourceFile}`),
);

/** Creates the manager, `watched` or not; it is not ready yet. */
window.begin = async ({ isWatched = true, ...options } = {}) => {
  await import("/e2e/census.js");
  const [{ createTokenManager }, { watched }] = await load();
  const given = { refresh: "/auth/refresh", logout: "/auth/logout", ...options };
  window.tokens = await createTokenManager(isWatched ? watched(given) : given);
};

/** Adds an inspector, unfolded; it is `inspector` from then on, and `removeInspector` takes it away. */
window.addInspector = async () => {
  const [, { inspect }] = await load();
  window.removeInspector = inspect(tokens, { open: true });
  window.inspector = document.querySelector("tokenhold-inspector");
};

/** The same by the element itself, which has something to note before it is in the page. */
window.appendInspector = async ({ note }) => {
  const [, { TokenholdInspector }] = await load();
  window.inspector = new TokenholdInspector();
  inspector.tokens = tokens;
  inspector.note(note);
  document.body.append(inspector);
};

/** The text that a person sees. */
window.shown = () => {
  const root = inspector.shadowRoot;
  const text = (selector) => root.querySelector(selector)?.textContent ?? null;
  const counters = [...root.querySelectorAll(".counter")].map(({ dataset, lastElementChild }) => [
    dataset.count,
    lastElementChild.textContent,
  ]);
  const totals = [...root.querySelectorAll(".counter")].map(({ dataset, children }) => [
    dataset.count,
    children[1].textContent,
  ]);
  return {
    status: text(".status-text"),
    tab: text(".tab-name"),
    left: text(".life-left"),
    situation: text(".situation"),
    here: Object.fromEntries(counters),
    everywhere: Object.fromEntries(totals),
    lines: [...root.querySelectorAll(".line-text")].map(({ textContent }) => textContent),
  };
};

/** Resolves with what is shown once `is` says so. */
window.see = (is) =>
  new Promise((resolve) => {
    const observer = new MutationObserver(look);
    observer.observe(inspector.shadowRoot, { attributes: true, characterData: true, childList: true, subtree: true });
    look();
    function look() {
      const now = shown();
      if (!is(now)) return;
      observer.disconnect();
      resolve(now);
    }
  });

function load() {
  return Promise.all([import("/tokenhold/index.js"), import("/tokenhold/inspector/index.js")]);
}
