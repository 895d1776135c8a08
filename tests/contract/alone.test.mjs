/** The package without Web Locks, as on an insecure origin: every behaviour that needs no other tab holds there too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contract } from "./contract.mjs";
import { createWorld } from "./support/world.mjs";

const createLonelyWorld = (context, options) => createWorld(context, { secureContext: false, ...options });

test("a tab that works alone says so, once", async (context) => {
  const { tokens, clock } = createLonelyWorld(context, { signedIn: "alice" });
  const codes = [];
  tokens.on("warning", ({ code }) => codes.push(code));
  await clock.advance(600_000);
  assert.deepEqual(codes, ["works-alone"]);
});

contract("a tab alone", createLonelyWorld, ["restoring", "signingIn", "renewing", "failing", "rejected", "leaving"]);
