/** Authenticated requests over the network, by all contenders: milliseconds for each. */
import { contenders, inTurns } from "./all.js";

/** So many at a time. */
const CROWD = 50;

globalThis.measure = async ({ rounds, requests }) => {
  const clients = new Map();
  for (const { name, create } of contenders) clients.set(name, await create({ fetch: globalThis.fetch }));
  for (const client of clients.values()) await client.restore();
  const oneByOne = async ({ name }) => {
    const client = clients.get(name);
    return timed(requests, async () => {
      for (let left = requests; left > 0; left--) await client.request();
    });
  };
  const atOnce = async ({ name }) => {
    const client = clients.get(name);
    return timed(CROWD, () => Promise.all(Array.from({ length: CROWD }, () => client.request())));
  };
  await inTurns(2, oneByOne);
  await inTurns(2, atOnce);
  return {
    "one after the other": await inTurns(rounds, oneByOne),
    [`${CROWD} at a time`]: await inTurns(rounds, atOnce),
  };
};

async function timed(count, action) {
  const start = performance.now();
  await action();
  return (performance.now() - start) / count;
}
