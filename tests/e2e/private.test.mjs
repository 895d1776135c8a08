import assert from "node:assert/strict";
import { assertServed, options, verdict } from "./support/attack.mjs";
import { everyEngine } from "./support/suite.mjs";
import { Tab } from "./support/tab.mjs";

everyEngine("private windows", (check) => {
  check(
    "confinement: a private window works, and shares nothing with the others",
    { fault: "private window beside a normal one", needs: "privateWindows" },
    async (world) => {
      const tabs = await world.signedInTabs(2, "alice", options);
      const hidden = await Tab.openPrivate(world, "private");
      await hidden.start(options);
      assert.equal(await hidden.status(), "signed-out", "the private window shares the session");
      await hidden.signIn("bob");
      await assertServed([...tabs, hidden]);
      assert.notEqual(await hidden.subject(), await tabs[0].subject());
      await hidden.run(() => tokens.logout().then(() => {}));
      assert.equal(await hidden.status(), "signed-out");
      const mark = world.ledger.mark();
      await assertServed(tabs);
      return verdict(world, mark, { refreshes: 0 });
    },
  );
});
