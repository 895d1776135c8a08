/** Where there are no Web Locks, as on an insecure origin, all that does not need another tab holds as well. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { realWorld } from "./support/real.mjs";
import { contract } from "./contract.mjs";

const world = await realWorld("the package, a tab alone");

test("a tab that works alone says so, once", async (context) => {
  const { tokens, clock } = await world.createWorld(context, { signedIn: "alice" });
  const codes = [];
  tokens.on("warning", ({ code }) => codes.push(code));
  await clock.advance(600_000);
  assert.deepEqual(codes, ["works-alone"]);
});

contract(world, ["elsewhere"]);
