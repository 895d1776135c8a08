/** The gateway itself: what it does with connections that break, and what is left of it when it has closed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { proxy } from "../apps/support/sites.mjs";
import { Gateway } from "./support/gateway.mjs";
import { portOf } from "./support/ports.mjs";

describe("the gateway", { concurrency: 1 }, () => {
  test("passes on what a server answers, and 502 where its answer breaks off", async (context) => {
    const { gateway } = await inFrontOf(context, ({ url }, response) => {
      response.writeHead(200, { "content-length": 4 });
      if (url === "/whole") response.end("body");
      else response.write("bo", () => response.destroy());
    });
    const whole = await fetch(`${gateway.origin}/whole`);
    assert.deepEqual([whole.status, await whole.text()], [200, "body"]);
    assert.equal((await fetch(`${gateway.origin}/broken`)).status, 502);
  });

  test("does not use a connection that the server may be about to close", async (context) => {
    const used = new Set();
    const { gateway } = await inFrontOf(context, ({ socket }, response) => {
      if (used.has(socket)) return socket.destroy();
      used.add(socket);
      response.end();
    });
    for (let times = 0; times < 3; times++) assert.equal((await fetch(gateway.origin)).status, 200);
  });

  test("breaks off without an error what is under way to a server when it closes", async (context) => {
    const { gateway, server } = await inFrontOf(context, () => {});
    const asked = once(server, "request");
    const refused = assert.rejects(fetch(gateway.origin));
    const [{ socket }] = await asked;
    const gone = once(socket, "close");
    await gateway.close();
    await Promise.all([refused, gone]);
  });

  test("does not mind a page that leaves in the middle of its request", async (context) => {
    const { gateway, asked } = await inFrontOf(context, () => assert.fail("it has come whole"));
    const page = connect(Number(new URL(gateway.origin).port), "localhost");
    page.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345");
    const request = await asked;
    const aborted = once(request, "error");
    page.destroy();
    await aborted;
    assert.equal((await fetch(`${gateway.origin}/auth/any`)).status, 502, "there is no backend");
  });

  test("closes although a connection has not said anything yet", async (context) => {
    const { gateway } = await inFrontOf(context, () => {}, { tls: true });
    const silent = connect(Number(new URL(gateway.origin).port), "localhost");
    await once(silent, "connect");
    const gone = once(silent, "close");
    await gateway.close();
    await gone;
  });
});

/** A gateway whose site is what `answer` serves, both of which end with the test. `asked` is the first request for it. */
async function inFrontOf(context, answer, { tls = false } = {}) {
  const server = createServer(answer).listen(0, "localhost");
  await once(server, "listening");
  const passOn = proxy(`http://localhost:${portOf(server)}`);
  let ask;
  const asked = new Promise((resolve) => (ask = resolve));
  const site = (path, request, gateway) => {
    ask(request);
    return passOn(path, request, gateway);
  };
  const gateway = await Gateway.open({ tls, site });
  context.after(async () => {
    await gateway.close();
    server.closeAllConnections();
    server.close();
  });
  return { gateway, server, asked };
}
