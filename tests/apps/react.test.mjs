import { REFRESH } from "../e2e/support/ledger.mjs";
import { hold, script } from "../e2e/support/rules.mjs";
import { everyAdapter, everyRenderedApp, signIn } from "./support/adapters.mjs";
import { built, served } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

const sources = ["session", "react"];

anyEngine("React 19", () => built("react", "dist", { sources }), everyReact);
anyEngine("React 18", () => built("react-18", "dist", { sources: [...sources, "react-18"] }), everyReact);

anyEngine(
  "React 19 in development, where StrictMode does everything twice",
  () => served("react", "dev", { sources }),
  everyAdapter,
);

function everyReact(check) {
  everyAdapter(check);
  everyRenderedApp(check);
  check("one-identity: begins anew for another person", another);
  check("shows a fallback while it restores", (visit) => waiting(visit, "/#fallback"));
  check("suspends while it restores", (visit) => waiting(visit, "/#suspend"));
  check("suspends no longer than until the first refresh has failed", failing);
}

async function another(visit) {
  await signIn(visit);
  await visit.writes("draft", "half a letter");
  const other = await visit.beside("/?bob");
  await other.sees("subject", "alice");
  await other.press("sign-in");
  await visit.sees("subject", "bob");
  await visit.holds("draft", "");
}

async function waiting(visit, path) {
  await signIn(visit);
  const held = hold(visit.gateway, REFRESH);
  await visit.goTo(path);
  await held.arrived;
  await visit.sees("waiting", "Please wait");
  await visit.sees("status", null);
  held.release();
  await visit.sees("status", "signed-in");
  await visit.sees("waiting", null);
}

async function failing(visit) {
  await signIn(visit);
  const recover = script(visit.gateway, REFRESH, { status: 503, headers: { "retry-after": "1" }, body: "" });
  await visit.goTo("/#suspend");
  await visit.sees("status", "restoring");
  await visit.sees("waiting", null);
  recover();
  await visit.sees("status", "signed-in");
}
