/** A person gone wild: tabs open, close, freeze, call, log out and sign in at random, from a seed. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { BOUND, options } from "./attack.mjs";
import { bounded, moment } from "./clock.mjs";
import { can } from "./engines.mjs";
import { checkInvariants } from "./invariants.mjs";
import { LOGOUT, REFRESH, bearer } from "./ledger.mjs";
import { random } from "./random.mjs";
import { inAll, sum } from "./tab.mjs";

const MOST_TABS = 8;
const TTL_MS = 3_000;
/** After a logout the news may be under way for so long. */
const NEWS_MS = 500;
/** A refresh takes at least so long: time enough for others to come in between. */
const LATENCY_MS = 30;

/** The flags of the backend: strict rotation, and an expiry every few seconds. */
export const flags = { accessTtl: `${TTL_MS / 1_000}s`, reuseGrace: "0s" };

export class Chaos {
  log = [];
  #world;
  #random;
  #start = Date.now();
  #pending = new Set();
  #frozen = new Set();
  /** From when to when each tab was last closed, loaded anew or frozen: from then on its requests are nobody's. */
  #left = new Map();
  #signedIn = false;
  #count = { actions: 0, requests: 0, refreshCalls: 0, loads: 0, logouts: 0, logins: 0, lostWithTab: 0 };

  constructor(world, seed) {
    this.#world = world;
    this.#random = random(seed);
    world.gateway.rule(REFRESH, (_, next) => delay(LATENCY_MS).then(next));
  }

  /** Goes on for so long, then looks whether all is well; what it has counted. */
  async run(forMs) {
    await this.#open();
    await this.#signIn();
    while (Date.now() < this.#start + forMs) {
      this.#count.actions += 1;
      this.#lookForLoss();
      await this.#random.pick(this.#possible())();
      await delay(this.#random.upTo(150));
    }
    await this.#comeToRest();
    this.#lookForLoss();
    await this.#verify();
    return this.#figures();
  }

  /** The actions that are possible now, the likelier ones several times. */
  #possible() {
    const { tabs } = this.#world;
    const awake = tabs.length > this.#frozen.size;
    const actions = [];
    const add = (times, possible, action) => possible && actions.push(...Array(times).fill(() => action()));
    add(8, awake, () => this.#burst());
    add(2, awake, () => this.#storm());
    add(2, awake && this.#signedIn, () => this.#expire());
    add(2, awake, () => this.#refresh());
    add(3, tabs.length < MOST_TABS, () => this.#open());
    add(2, tabs.length > 2, () => this.#close());
    add(1, awake, () => this.#reload());
    add(2, awake, () => this.#show());
    add(1, true, () => this.#hideAll());
    add(1, awake && this.#signedIn, () => this.#logOut());
    add(9, awake && !this.#signedIn, () => this.#signIn());
    add(2, awake && can(this.#world.engine, "lifecycle"), () => this.#freeze());
    add(3, this.#frozen.size > 0, () => this.#thaw());
    return actions;
  }

  async #open() {
    const tab = await this.#world.tab(options);
    this.#count.loads += 1;
    this.#say(tab, "opened");
  }

  async #close() {
    const tab = this.#any();
    const isGone = this.#leave(tab);
    await this.#world.closeTab(tab);
    isGone();
    this.#frozen.delete(tab);
    this.#say(tab, "closed");
  }

  async #reload() {
    const tab = this.#anyAwake();
    const isGone = this.#leave(tab);
    await tab.reload();
    isGone();
    await tab.start(options);
    this.#count.loads += 1;
    this.#say(tab, "loaded anew");
  }

  async #show() {
    const tab = this.#anyAwake();
    await tab.show();
    this.#say(tab, "shown");
  }

  async #hideAll() {
    await this.#world.hideAll();
    this.log.push(`${this.#time()}  all tabs hidden`);
  }

  async #freeze() {
    const tab = this.#anyAwake();
    const isGone = this.#leave(tab);
    this.#frozen.add(tab);
    await tab.lifecycle("frozen");
    isGone();
    this.#say(tab, "frozen");
  }

  async #thaw() {
    const tab = this.#random.pick([...this.#frozen]);
    await tab.lifecycle("active");
    this.#frozen.delete(tab);
    this.#say(tab, "thawed");
  }

  #burst() {
    const tab = this.#anyAwake();
    const count = 1 + this.#random.upTo(9);
    this.#count.requests += count;
    this.#track(tab, `${count} requests`, tab.burst(count));
  }

  /** Nobody looks until the token has expired; then all ask. */
  async #expire() {
    await this.#hideAll();
    await moment((await this.#anyAwake().expiresAt()) + 20);
    this.#storm();
  }

  /** Requests in all tabs at the same moment. */
  #storm() {
    for (const tab of this.#awake()) {
      this.#count.requests += 3;
      this.#track(tab, "3 requests with all others", tab.burst(3));
    }
  }

  #refresh() {
    const tab = this.#anyAwake();
    this.#count.refreshCalls += 1;
    this.#track(
      tab,
      "refresh()",
      tab.run(() => outcome(tokens.refresh())),
    );
  }

  async #logOut() {
    const tab = this.#anyAwake();
    this.#signedIn = false;
    this.#count.logouts += 1;
    this.#say(tab, "logs out");
    await bounded(
      tab.run(() => tokens.logout().then(() => {})),
      "the logout",
      BOUND + 5_000,
    );
    this.#say(tab, "has logged out");
  }

  async #signIn() {
    const tab = this.#anyAwake();
    this.#signedIn = true;
    this.#count.logins += 1;
    await bounded(tab.signIn(this.#random.pick(["alice", "bob"])), "signing in", BOUND + 5_000);
    this.#say(tab, "has signed in");
  }

  /** Follows what `tab` does until it is settled, or the tab is left. */
  #track(tab, what, promise) {
    const since = Date.now();
    const followed = promise.then(
      (came) => this.#say(tab, `${what}: ${JSON.stringify(came)} after ${Date.now() - since} ms`),
      (error) => {
        if (this.#whenLeft(tab.name).from < since) throw error;
      },
    );
    const entry = { tab, what, followed };
    this.#pending.add(entry);
    followed.then(
      () => this.#pending.delete(entry),
      () => {},
    );
  }

  /** Until the function that it returns is called, the page may still run. */
  #leave(tab) {
    const left = { from: Date.now(), to: Infinity };
    this.#left.set(tab.name, left);
    for (const entry of this.#pending) if (entry.tab === tab) this.#pending.delete(entry);
    return () => (left.to = Date.now());
  }

  #whenLeft(name) {
    return this.#left.get(name) ?? { from: 0, to: 0 };
  }

  async #comeToRest() {
    for (const tab of [...this.#frozen]) {
      await tab.lifecycle("active");
      this.#frozen.delete(tab);
    }
    for (const { tab, what, followed } of this.#pending) await bounded(followed, `tab ${tab.name}: ${what}`, BOUND);
  }

  /**
   * A session that ends by itself is a fault, unless a tab was left in mid-refresh: without any grace its new cookie
   * may come too late for the next tab.
   */
  #lookForLoss() {
    const { ledger } = this.#world;
    const login = ledger.to("/auth/login").at(-1);
    if (!this.#signedIn || login?.answeredAt === undefined) return;
    const lost = ledger
      .to(REFRESH)
      .find(({ at, status, headers }) => at > login.answeredAt && status === 401 && headers.cookie);
    if (!lost) return;
    const excused = ledger.to(REFRESH).some(({ at, answeredAt, headers }) => {
      const { from, to } = this.#whenLeft(tabOf(headers));
      return at > login.answeredAt && at <= to && from <= lost.answeredAt && !(answeredAt < from);
    });
    assert.ok(excused, `a session was lost at ${lost.at - this.#start} ms`);
    this.#count.lostWithTab += 1;
    this.#signedIn = false;
    this.log.push(`${this.#time()}  the session was lost with a tab that was left in mid-refresh`);
  }

  async #verify() {
    const { tabs, ledger } = this.#world;
    const wanted = this.#signedIn ? "signed-in" : "signed-out";
    await bounded(
      inAll(tabs, (tab) => tab.reaches(wanted)),
      `all tabs ${wanted}`,
      BOUND,
    );
    const answers = sum(
      await bounded(
        inAll(tabs, (tab) => tab.burst(2)),
        "the last requests",
        BOUND,
      ),
    );
    assert.deepEqual(answers, { [this.#signedIn ? 200 : 401]: tabs.length * 2 });
    for (const tab of tabs) {
      const ends = (await tab.events("signed-out")).filter(({ reason }) => reason === "ended");
      assert.ok(ends.length <= this.#count.lostWithTab, `a session was lost, tab ${tab.name} says`);
    }
    this.#verifyFlights(ledger);
    this.#verifyLogouts(ledger);
    await checkInvariants(this.#world, ["oneFlight"]);
    const { refreshes, allowed } = this.#figures();
    assert.ok(refreshes <= allowed, `${refreshes} refreshes, of ${allowed} allowed`);
  }

  /** A refresh may overlap an earlier one only if that one's tab has been left. */
  #verifyFlights(ledger) {
    const refreshes = ledger.to(REFRESH);
    for (const [at, later] of refreshes.entries()) {
      const earlier = refreshes.slice(0, at).filter(({ answeredAt }) => !(answeredAt <= later.at));
      for (const { headers, at } of earlier) {
        const { from, to } = this.#whenLeft(tabOf(headers));
        assert.ok(at <= to && from <= later.at + 50, `one-flight: two refreshes at ${later.at - this.#start} ms`);
      }
    }
  }

  /** A token that was issued before a logout is not sent after it. */
  #verifyLogouts(ledger) {
    for (const { answeredAt } of ledger.to(LOGOUT)) {
      const earlier = new Set(ledger.issuedBefore(answeredAt));
      const sent = ledger
        .to("/api/*")
        .filter(({ at, headers }) => at > answeredAt + NEWS_MS && earlier.has(bearer(headers)));
      assert.deepEqual(
        sent.map(({ url }) => url),
        [],
        "logout-final: tokens sent after a logout",
      );
    }
  }

  /** Refreshes against what may cost one: half a lifetime gone by, a call of `refresh()`, a page that is loaded. */
  #figures() {
    const { refreshCalls, loads } = this.#count;
    const seconds = Math.round((Date.now() - this.#start) / 1_000);
    const refreshes = this.#world.ledger.to(REFRESH).filter(({ status }) => status === 200).length;
    const allowed = Math.ceil((seconds * 1_000) / (TTL_MS / 2)) + refreshCalls + loads;
    return { ...this.#count, seconds, refreshes, allowed };
  }

  #any() {
    return this.#random.pick(this.#world.tabs);
  }

  #anyAwake() {
    return this.#random.pick(this.#awake());
  }

  #awake() {
    return this.#world.tabs.filter((tab) => !this.#frozen.has(tab));
  }

  #say(tab, what) {
    this.log.push(`${this.#time()}  tab ${tab.name}  ${what}`);
  }

  #time() {
    return `${Date.now() - this.#start} ms`.padStart(10);
  }
}

/** The name of the tab that has sent a request. */
function tabOf({ referer }) {
  return new URL(referer).searchParams.get("tab");
}
