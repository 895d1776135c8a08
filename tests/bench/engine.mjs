/** All measures in one browser. */
import { startEngine } from "../e2e/support/engines.mjs";
import { ANOTHER, participants } from "./bundles.mjs";

/** Loads that are not measured, until the browser has cached what it caches. */
export const WARM_UP = 4;

/**
 * The pages to load: the contenders, and one of them when it finds a valid token in sessionStorage. By name, the query.
 */
const starts = {
  "bare fetch": "script=start-bare.js",
  tokenhold: "script=start-tokenhold.js",
  [ANOTHER]: "script=start-another-commit.js",
  "axios + axios-auth-refresh": "script=start-axios.js",
  "oidc-client-ts": "script=start-oidc-client-ts.js",
  "oidc-client-ts, token still stored": "script=start-oidc-client-ts.js&stored",
};

/** `amount`: `{ loads, rounds, requests, storms, callers }`. `another`: whether another commit takes part. */
export async function measure(engine, port, amount, another) {
  const driver = await startEngine(engine);
  try {
    await driver.manage().setTimeouts({ pageLoad: 60_000, script: 600_000 });
    const version = (await driver.getCapabilities()).get("browserVersion");
    const cold = await loads(driver, amount.loads, () => address(freshSite(), port), another);
    await loads(driver, WARM_UP, () => address("warm", port), another);
    const warm = await loads(driver, amount.loads, () => address("warm", port), another);
    const requests = await inPage(driver, `${address("requests", port)}?script=requests.js`, amount);
    const { storms: rounds, callers } = amount;
    const storm = await inPage(driver, `${address("storm", port)}?script=storm.js`, { rounds, callers });
    return { version, start: { cold, warm }, requests, storm };
  } finally {
    await driver.quit();
  }
}

/** In turns, each round beginning with another. Returns the measurements of each load, by name. */
export async function loads(driver, rounds, nextAddress, another = false) {
  const entries = participants(starts, another);
  const told = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const [name, query] = entries[(round + turn) % entries.length];
      const url = `${nextAddress()}?${query}`;
      told[name].push(await naming(`${name}, round ${round + 1}, ${url}`, () => page(driver, url, "globalThis.times")));
    }
  }
  return told;
}

function inPage(driver, url, amount) {
  return naming(url, () => page(driver, url, `globalThis.measure(${JSON.stringify(amount)})`));
}

/** Loads `url`, and resolves with what `expression` comes to there. */
async function page(driver, url, expression) {
  await driver.get(url);
  return settled(driver, expression);
}

/** A driver does not say in its errors which page they are about. */
async function naming(what, action) {
  try {
    return await action();
  } catch (error) {
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}

/** The value of the promise that `expression` returns. */
async function settled(driver, expression) {
  const script = `const done = arguments[0];
    Promise.resolve(${expression}).then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
  const { value, error } = await driver.executeAsyncScript(script);
  if (error !== undefined || value == null) throw new Error(`${expression}: ${error ?? "is not there"}`);
  return value;
}

let sites = 0;

/** Of another site a browser has nothing: no cache, no code that has been compiled, no process. */
function freshSite() {
  return `cold-${++sites}`;
}

function address(site, port) {
  return `http://${site}.localhost:${port}/`;
}
