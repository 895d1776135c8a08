/** The lines to the tabs: no question stays without an answer, in whatever order pages come and go. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { Listener } from "./support/listener.mjs";
import { Switchboard } from "./support/switchboard.mjs";

describe("the switchboard", { concurrency: 1 }, () => {
  test("asks the page that is on the line, and passes on its answer or its error", async (context) => {
    const { switchboard, page } = await opened(context);
    await page(({ source, args: [text] }) => (text ? { value: `${source} ${text}` } : { error: { text: "no" } }));
    assert.equal(await switchboard.call("one", "echo", ["hello"]), "echo hello");
    await assert.rejects(switchboard.call("one", "echo", []), /in the tab: no/);
  });

  test("says that a page has gone, also if the next one came before its line was closed", async (context) => {
    const { switchboard, page } = await opened(context);
    const old = await page(never);
    const refused = assert.rejects(switchboard.call("one", "wait", []), /tab one has gone/);
    await page(() => ({ value: "here" }));
    old.terminate();
    await refused;
    assert.equal(await switchboard.call("one", "where", []), "here");
  });

  test("waits for the next page once it is told that this one is left, although it stays for a while", async (context) => {
    const { switchboard, page } = await opened(context);
    const old = await page(oldOne, "old");
    switchboard.expectAnother("one");
    const answer = switchboard.call("one", "who", []);
    await page(oldOne, "old");
    await page(newOne, "new");
    assert.equal(await answer, "the new one");
    await page(oldOne, "old");
    const gone = once(old, "close");
    old.close();
    await gone;
    assert.equal(await switchboard.call("one", "who", []), "the new one");
  });

  test("keeps to the next page also where it could not be told", async (context) => {
    const { switchboard, page } = await opened(context);
    await page(oldOne, "old");
    await page(newOne, "new");
    await page(oldOne, "old");
    assert.equal(await switchboard.call("one", "who", []), "the new one");
  });

  test("has the same page on another line when it comes back on one", async (context) => {
    const { switchboard, page } = await opened(context);
    const first = await page(never, "same");
    const refused = assert.rejects(switchboard.call("one", "wait", []), /tab one has gone/);
    first.terminate();
    await refused;
    await page(() => ({ value: "back" }), "same");
    assert.equal(await switchboard.call("one", "who", []), "back");
  });

  test("refuses what is still open when it closes, and whatever comes later", async (context) => {
    const { switchboard, page } = await opened(context);
    await page(never);
    const open = [switchboard.call("one", "wait", []), switchboard.connected("two")];
    const refused = open.map((each) => assert.rejects(each, /has gone|has closed/));
    switchboard.close();
    await Promise.all(refused);
    await assert.rejects(switchboard.call("one", "wait", []), /has closed/);
  });
});

/** A switchboard, and `page(answer, id)`, which puts a page on the line of tab "one", and resolves with its socket. */
async function opened(context) {
  const switchboard = new Switchboard();
  const upgrade = (...given) => switchboard.upgrade(...given);
  const listener = await Listener.open((_, response) => response.end(), { upgrade });
  context.after(() => {
    switchboard.close();
    return listener.close();
  });
  const page = async (answer, id = String(randomUUID())) => {
    const socket = new WebSocket(`${listener.origin().replace("http", "ws")}/e2e/line?tab=one&page=${id}`);
    socket.on("message", async (text) => {
      const call = JSON.parse(String(text));
      socket.send(JSON.stringify({ id: call.id, ...(await answer(call)) }));
    });
    await once(socket, "open");
    return socket;
  };
  return { switchboard, page };
}

function oldOne() {
  return { value: "the old one" };
}

function newOne() {
  return { value: "the new one" };
}

function never() {
  return new Promise(() => {});
}
