import { wireActions } from "./actions.js";
import { Counters } from "./counters.js";
import { byId } from "./dom.js";
import { Journal } from "./journal.js";
import { Lanes } from "./lanes.js";
import { LifeBar } from "./life-bar.js";
import { Log } from "./log.js";
import { SessionView, drawStopped } from "./session-view.js";
import { wireSessions } from "./sessions.js";
import { wireSignIn } from "./sign-in.js";
import { startManager } from "./startup.js";
import { Story } from "./story.js";
import { meetTabs } from "./tabs.js";
import { Totals } from "./totals.js";
import { Witness } from "./witness.js";

const tabs = await meetTabs();
const journal = new Journal(tabs);
const totals = new Totals(tabs);
const witness = new Witness(journal, totals);

const lanes = new Lanes(byId("lanes"), journal, tabs);
byId("span").addEventListener("change", (event) => lanes.show(event.target.value * 1000));
new Log(byId("log"), byId("log-empty"), journal);
new Counters(totals, tabs);
journal.write("opened");

const tokens = await startManager({ refresh: "/auth/refresh", logout: "/auth/logout", fetch: witness.fetch });
if (tokens === null) drawStopped(tabs.me.slot);
else run(tokens);

function run(tokens) {
  witness.follow(tokens);
  const story = new Story(tokens, { journal, witness, totals });
  new LifeBar(tokens, story);
  new SessionView(tokens, story, tabs);
  wireSignIn(tokens, story, witness);
  wireActions({ tokens, witness, story, journal, tabs });
  wireSessions({ tokens, witness, journal });

  const tell = () => tabs.update({ status: tokens.status, expiresAt: tokens.expiresAt });
  tokens.on("change", tell);
  tell();
}
