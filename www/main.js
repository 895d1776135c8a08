import { wireActions } from "./actions.js";
import { byId } from "./dom.js";
import { SessionView, drawStopped } from "./session-view.js";
import { wireSessions } from "./sessions.js";
import { wireSignIn } from "./sign-in.js";
import { start } from "./startup.js";

const inspector = byId("inspector");
const tokens = await start(inspector, { refresh: "/auth/refresh", logout: "/auth/logout" });
if (tokens === null) drawStopped();
else run(tokens);

function run(tokens) {
  new SessionView(tokens, inspector);
  wireSignIn(tokens);
  wireActions(tokens, inspector);
  wireSessions(tokens, inspector);
}
