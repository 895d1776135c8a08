import { everyAdapter, everyRenderedApp, signIn } from "./support/adapters.mjs";
import { built, trusting } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

const policy = trusting("svelte-trusted-html");

anyEngine(
  "Svelte 5",
  () => built("svelte", "dist", { sources: ["session", "svelte"], policy }),
  (check) => {
    everyAdapter(check);
    everyRenderedApp(check);
    check("is a store as well", async (visit) => {
      await signIn(visit);
      await visit.sees("stored", "signed-in");
      await visit.press("sign-out");
      await visit.sees("stored", "signed-out");
    });
  },
);
