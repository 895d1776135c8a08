/**
 * The process that runs a tab's page, to kill it or to stop it: what a crash and a suspended tab are to all engines
 * alike. It is found among the browser's own processes, by the work that the page does: Linux only.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** So many hundredths of a second of work are no accident. */
const STANDS_OUT = 8;

/** A text in the command line of each process that runs pages. */
const marks = { chromium: "--type=renderer", firefox: "-contentproc", webkit: "WebKitWebProcess" };

/** The process of `tab`'s page in `browser`. On a busy machine it takes some rounds of work to tell. */
export async function processOf(tab, browser) {
  const before = times(browser);
  for (let round = 0; round < 40; round++) {
    await tab.run(work, 200);
    const worked = [...times(browser)].map(([pid, time]) => ({ pid, time: time - (before.get(pid) ?? 0) }));
    const [busiest, next] = worked.sort((a, b) => b.time - a.time);
    if (busiest?.time >= STANDS_OUT && busiest.time > 3 * (next?.time ?? 0)) return new PageProcess(busiest.pid);
  }
  throw new Error(`none of the processes of ${browser.engine} stands out by its work`);
}

class PageProcess {
  constructor(pid) {
    this.pid = pid;
  }

  /** A crash, as the page and its browser see it. Resolves when nothing is left of the process. */
  async kill() {
    process.kill(this.pid, "SIGKILL");
    while (existsSync(`/proc/${this.pid}/exe`)) await setTimeout(5);
  }

  /** From now on nothing of the page runs, until {@link resume}. */
  stop() {
    process.kill(this.pid, "SIGSTOP");
  }

  resume() {
    process.kill(this.pid, "SIGCONT");
  }
}

function work(forMs) {
  const end = performance.now() + forMs;
  while (performance.now() < end);
}

/** The processor time that all processes of `browser` have used, those that are over excepted, in milliseconds. */
export function processorTime({ processId }) {
  const hundredths = familyOf(processId, "stat").map(({ time }) => time);
  return hundredths.reduce((sum, time) => sum + time, 0) * 10;
}

/**
 * The processor time that the main thread of each process for pages of `browser` has used, in hundredths of a second.
 */
function times({ engine, processId = process.pid }) {
  const pages = familyOf(processId, "task").filter(({ command }) => command.includes(marks[engine]));
  return new Map(pages.map(({ pid, time }) => [pid, time]));
}

/** A process and all that come from it, with the time of the whole of each (`stat`) or of its main thread (`task`). */
function familyOf(processId, which) {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => described(name, which === "task" ? `task/${name}/stat` : "stat"))
    .filter(Boolean);
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const ours = (pid) => pid === processId || (parents.has(pid) && ours(parents.get(pid)));
  return all.filter(({ pid }) => ours(pid));
}

function described(name, file) {
  try {
    const stat = readFileSync(`/proc/${name}/${file}`, "utf8");
    // The name in brackets may have anything in it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const time = Number(fields[11]) + Number(fields[12]);
    return {
      pid: Number(name),
      parent: Number(fields[1]),
      time,
      command: readFileSync(`/proc/${name}/cmdline`, "utf8"),
    };
  } catch {
    return undefined;
  }
}
