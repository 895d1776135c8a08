/** All measures in one browser. */
import { startEngine } from "../e2e/support/engines.mjs";

/** Loads that are not measured, until the browser has cached what it caches. */
export const WARM_UP = 4;

/**
 * The pages to load: the contenders, and one of them when it finds a valid token in sessionStorage. By name, the query.
 */
const starts = {
  "bare fetch": "script=start-bare.js",
  tokenhold: "script=start-tokenhold.js",
  "axios + axios-auth-refresh": "script=start-axios.js",
  "oidc-client-ts": "script=start-oidc-client-ts.js",
  "oidc-client-ts, token still stored": "script=start-oidc-client-ts.js&stored",
};

/** `amount`: `{ loads, rounds, requests, storms, callers }`. */
export async function measure(engine, port, amount) {
  const driver = await startEngine(engine);
  try {
    await driver.manage().setTimeouts({ pageLoad: 60_000, script: 600_000 });
    const version = (await driver.getCapabilities()).get("browserVersion");
    const cold = await loads(driver, amount.loads, () => address(freshSite(), port));
    await loads(driver, WARM_UP, () => address("warm", port));
    const warm = await loads(driver, amount.loads, () => address("warm", port));
    const requests = await inPage(driver, `${address("requests", port)}?script=requests.js`, amount);
    const { storms: rounds, callers } = amount;
    const storm = await inPage(driver, `${address("storm", port)}?script=storm.js`, { rounds, callers });
    return { version, start: { cold, warm }, requests, storm };
  } finally {
    await driver.quit();
  }
}

/** In turns, each round beginning with another. Returns the measurements of each load, by name. */
async function loads(driver, rounds, nextAddress) {
  const entries = Object.entries(starts);
  const told = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const [name, query] = entries[(round + turn) % entries.length];
      await driver.get(`${nextAddress()}?${query}`);
      told[name].push(await settled(driver, "globalThis.told"));
    }
  }
  return told;
}

async function inPage(driver, url, amount) {
  await driver.get(url);
  return settled(driver, `globalThis.measure(${JSON.stringify(amount)})`);
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
