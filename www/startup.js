import { command, showNotice } from "./notice.js";

const PACKAGE = "/tokenhold/index.js";
const INSPECTOR = "/tokenhold/inspector/index.js";

/**
 * Loads the package and makes a manager for `inspector` to show. If that fails, explains it on the page and returns
 * null.
 */
export async function start(inspector, options) {
  const loaded = await load();
  if (loaded === null) return null;
  const [{ createTokenManager }, { watched }] = loaded;
  try {
    const tokens = await createTokenManager(watched(options));
    inspector.tokens = tokens;
    return tokens;
  } catch (error) {
    explain(error);
    return null;
  }
}

async function load() {
  try {
    return await Promise.all([import(PACKAGE), import(INSPECTOR)]);
  } catch (error) {
    const built = await isThere(PACKAGE);
    if (built) showNotice("The package could not be loaded", String(error));
    else
      showNotice("The package is not built", [
        "Build it with ",
        command("npm run build"),
        ", or let ",
        command("npm start"),
        " do it, then reload this page.",
      ]);
    return null;
  }
}

async function isThere(url) {
  const response = await fetch(url, { method: "HEAD" }).catch(() => null);
  return response !== null && response.ok;
}

function explain(error) {
  if (error.code !== "wasm-failed") return showNotice("The token manager did not start", String(error));
  showNotice(
    "WebAssembly is blocked here",
    [
      "The page’s Content-Security-Policy must allow ",
      command("'wasm-unsafe-eval'"),
      " in script-src, and the browser must not have WebAssembly switched off (Lockdown Mode and some policies do that).",
    ],
    String(error.cause ?? error),
  );
}
