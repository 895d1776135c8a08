/** Many callers that wait for one refresh. The page itself answers, so that the time is not that of a network. */
import { inTurns } from "./all.js";
import { Stub } from "./stub.js";

globalThis.measure = async ({ rounds, callers }) => {
  await inTurns(1, (contender) => storm(contender, callers));
  return inTurns(rounds, (contender) => storm(contender, callers));
};

/** From the refresh's answer until all have theirs, in milliseconds; and how many requests of each kind there were. */
async function storm({ create }, callers) {
  globalThis.signOut();
  const stub = new Stub();
  const client = await create({ fetch: stub.fetch });
  const answers = Array.from({ length: callers }, () => client.request());
  await stub.quiet();
  const start = performance.now();
  stub.answerRefreshes();
  await Promise.all(answers);
  const time = performance.now() - start;
  client.end();
  return { time, refreshes: stub.refreshes, requests: stub.requests };
}
