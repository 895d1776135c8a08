import assert from "node:assert/strict";
import { everyEngine } from "./support/suite.mjs";

everyEngine("the module's memory", (check) => {
  check("confinement: a token is zeroed when it is replaced, and when the session ends", {}, async (world) => {
    const tab = await world.bareTab();
    await tab.run(exposeMemory);
    await tab.start();
    await tab.signIn("alice");
    const first = world.ledger.issued.at(-1);
    assert.equal(await tab.run(copiesOf, first), 1, "the search finds the token that is in use");
    assert.deepEqual(await tab.burst(10), { 200: 10 });
    await tab.run(() => tokens.refresh());
    const second = world.ledger.issued.at(-1);
    assert.notEqual(second, first);
    assert.deepEqual(await tab.burst(10), { 200: 10 });
    assert.equal(await tab.run(copiesOf, first), 0);
    assert.equal(await tab.run(copiesOf, second), 1);
    await tab.run(() => tokens.logout());
    assert.equal(await tab.run(copiesOf, second), 0);
  });

  check("confinement: a token that was handed over is zeroed too, in both tabs", {}, async (world) => {
    const giver = await world.bareTab();
    await giver.run(exposeMemory);
    await giver.start();
    await giver.signIn("alice");
    const taker = await world.bareTab();
    await taker.run(exposeMemory);
    await taker.start();
    const token = world.ledger.issued.at(-1);
    for (const tab of [giver, taker]) assert.equal(await tab.run(copiesOf, token), 1);
    await giver.run(() => tokens.logout());
    await taker.reaches("signed-out");
    for (const tab of [giver, taker]) assert.equal(await tab.run(copiesOf, token), 0);
  });
});

/** Before the module is loaded: keeps hold of the memory of the instance to come. */
function exposeMemory() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    window.memory = Object.values((made.instance ?? made).exports).find((value) => value instanceof WebAssembly.Memory);
    return made;
  };
}

/** How often the signature of the token stands in the memory: unlike header and payload it is nobody else's. */
function copiesOf(token) {
  const needle = new TextEncoder().encode(token.split(".")[2]);
  const bytes = new Uint8Array(memory.buffer);
  let copies = 0;
  for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
    if (needle.every((byte, offset) => bytes[at + offset] === byte)) copies++;
  }
  return copies;
}
