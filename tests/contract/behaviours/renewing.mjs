import assert from "node:assert/strict";
import { count, heard, REFRESH, refuses, seconds } from "../support/looking.mjs";

export default {
  "refresh() replaces the token": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    await clock.advance(seconds(30));
    await tokens.refresh();
    assert.deepEqual(events, ["change signed-in", "refreshed"]);
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
    assert.equal(count(backend, REFRESH), 2);
  },

  "no-needless-refresh: calls join what is under way": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const calls = [tokens.refresh(), tokens.refresh()];
    await tokens.ready;
    await Promise.all(calls);
    assert.equal(count(backend, REFRESH), 1);
    await Promise.all([tokens.refresh(), tokens.refresh(), tokens.refresh()]);
    assert.equal(count(backend, REFRESH), 2);
  },

  "signed out, there is nothing to refresh": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    await refuses(tokens.refresh(), "session-ended");
    assert.equal(count(backend, REFRESH), 1);
  },

  "a token is refreshed ahead of time, between half and nine tenths of its life": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.advance(seconds(149));
    assert.equal(count(backend, REFRESH), 1);
    await clock.advance(seconds(122));
    assert.equal(count(backend, REFRESH), 2);
    const [since] = [tokens.expiresAt - seconds(300)];
    assert.ok(since <= clock.now);
    assert.equal(tokens.status, "signed-in");
  },

  "at another point for each token, anywhere in between": async (create) => {
    const { tokens, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const moments = [clock.now];
    tokens.on("refreshed", () => moments.push(clock.now));
    await clock.advance(seconds(30_000));
    const points = moments.slice(1).map((moment, at) => (moment - moments[at]) / seconds(300));
    const [first, last] = [Math.min(...points), Math.max(...points)];
    assert.ok(first >= 0.5 && first < 0.52, `${first}`);
    assert.ok(last > 0.88 && last <= 0.9, `${last}`);
  },

  "it goes on for as long as the page is open": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.advance(seconds(3_000));
    const refreshes = count(backend, REFRESH) - 1;
    assert.ok(refreshes >= 11 && refreshes <= 20, `${refreshes} refreshes`);
    assert.ok(tokens.expiresAt > clock.now);
  },

  "a page that nobody looks at refreshes when somebody looks again": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(1_000));
    assert.equal(count(backend, REFRESH), 1);
    await page.show();
    await clock.settle();
    assert.equal(count(backend, REFRESH), 2);
  },

  "a page that nobody looks at refreshes when it has something to send": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(1_000));
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(count(backend, "/api/me"), 1);
  },

  "a refreshed token that is another person's is another session": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    backend.signIn("bob");
    await tokens.refresh();
    assert.equal(tokens.claims?.sub, "bob");
    assert.deepEqual(events, ["change signed-in", "signed-in"]);
  },

  "the end of the session is found by a refresh": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    backend.endSession();
    await refuses(tokens.refresh(), "session-ended");
    assert.deepEqual(tokens.snapshot(), { status: "signed-out", claims: null, expiresAt: null });
    assert.deepEqual(events, ["change signed-out", "signed-out ended"]);
  },

  "an ended session stays ended: nothing more is asked": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.endSession();
    await refuses(tokens.refresh(), "session-ended");
    const before = backend.requests.length;
    await clock.advance(seconds(3_600));
    assert.equal(backend.requests.length, before);
  },

  "unless the options say otherwise, 400, 401 and 403 end a session, and nothing else does": async (create) => {
    for (const status of [400, 401, 403]) {
      const { tokens, backend } = await create({ signedIn: "alice" });
      await tokens.ready;
      backend.fail({ status, times: 1 });
      await refuses(tokens.refresh(), "session-ended");
      assert.equal(tokens.status, "signed-out");
    }
    for (const status of [402, 404, 405, 407, 408, 409, 410, 418, 419, 422, 429, 500]) {
      const { tokens, backend } = await create({ signedIn: "alice" });
      await tokens.ready;
      backend.fail({ status, times: 1 });
      await refuses(tokens.refresh(), "refresh-failed");
      assert.equal(tokens.status, "signed-in");
    }
  },

  "which statuses end a session is an option": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", refresh: { url: REFRESH, ended: [419] } });
    await tokens.ready;
    backend.fail({ status: 401, times: 1 });
    await refuses(tokens.refresh(), "refresh-failed");
    assert.equal(tokens.status, "signed-in");
  },

  "one of those statuses ends it": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", refresh: { url: REFRESH, ended: [419] } });
    await tokens.ready;
    backend.fail({ status: 419, times: 1 });
    await refuses(tokens.refresh(), "session-ended");
    assert.equal(tokens.status, "signed-out");
  },
};
