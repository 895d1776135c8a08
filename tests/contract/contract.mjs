/**
 * What holds for a token manager, whichever it is: README.md's "What fetch does", and the rest of the public interface. Each
 * behaviour is run against the package and against the fake of `tokenhold/testing`; a difference is a fault of one.
 */
import { describe, test } from "node:test";
import disposing from "./behaviours/disposing.mjs";
import elsewhere from "./behaviours/elsewhere.mjs";
import failing from "./behaviours/failing.mjs";
import intercepting from "./behaviours/intercepting.mjs";
import leaving from "./behaviours/leaving.mjs";
import listening from "./behaviours/listening.mjs";
import options from "./behaviours/options.mjs";
import reading from "./behaviours/reading.mjs";
import rejected from "./behaviours/rejected.mjs";
import renewing from "./behaviours/renewing.mjs";
import restoring from "./behaviours/restoring.mjs";
import sending from "./behaviours/sending.mjs";
import signingIn from "./behaviours/signing-in.mjs";

const behaviours = {
  restoring,
  signingIn,
  reading,
  listening,
  renewing,
  failing,
  sending,
  rejected,
  leaving,
  elsewhere,
  intercepting,
  disposing,
  options,
};

/** Runs all of it in the worlds that `createWorld` makes, but for the parts that there cannot be in them. */
export function contract({ name, createWorld }, impossible = []) {
  for (const [part, titles] of Object.entries(behaviours)) {
    if (impossible.includes(part)) continue;
    describe(`${name}, ${part}`, () => {
      for (const [title, body] of Object.entries(titles)) {
        test(title, (context) => body((options) => createWorld(context, options)));
      }
    });
  }
}
