/** Programs beside the tests: what is told of one that fails, and that nothing is left of one that is stopped. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { Child } from "./support/child.mjs";
import { until } from "./support/clock.mjs";

describe("a program beside the tests", { concurrency: 1 }, () => {
  test("is ready when what is looked for is there, and ends when it is stopped", async () => {
    const child = script("console.log('here'); setInterval(() => {}, 1000)");
    const [text] = await child.ready(() => once(child.stdout, "data"), "a word");
    assert.equal(String(text), "here\n");
    await child.stop();
    assert.equal(await isRunning(child.pid), false);
    await child.stop();
  });

  test("tells what it has said if it ends before it is ready, and is not looked for any longer", async () => {
    const child = script("console.error('no such port'); process.exit(3)");
    let given;
    const looked = child.ready((signal) => ((given = signal), new Promise(() => {})), "a word");
    await assert.rejects(looked, /it has ended \(3\)\n(.|\n)*no such port/);
    assert.equal(given.aborted, true);
  });

  test("is gone if it is never ready", async () => {
    const child = script("setInterval(() => {}, 1000)");
    await assert.rejects(
      child.ready(() => new Promise(() => {}), "a word", 1),
      /a word: not within 1 ms/,
    );
    assert.equal(await isRunning(child.pid), false);
  });

  test("cannot be started: that is an error, and no event that nobody hears", async () => {
    const child = new Child("/no/such/program", []);
    await assert.rejects(
      child.ready(() => new Promise(() => {})),
      /ENOENT/,
    );
    await child.stop();
  });

  test("takes along what it has started", async () => {
    const inner = "setInterval(() => {}, 1000)";
    const outer = `const { spawn } = require("node:child_process");
      console.log(spawn(process.execPath, ["-e", ${JSON.stringify(inner)}]).pid); ${inner}`;
    const child = script(outer, { group: true });
    const [pid] = await child.ready(() => once(child.stdout, "data"), "a process id");
    await child.stop("SIGKILL");
    await until(async () => !(await isRunning(Number(pid))), "the end of what it has started");
  });
});

function script(source, options) {
  return new Child(process.execPath, ["-e", source], options);
}

/** Whether there is such a process, and it is more than what is left of one that nobody has asked for. */
async function isRunning(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "State:\tZ");
  return !/^State:\tZ/m.test(status);
}
