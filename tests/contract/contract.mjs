/** The behaviour of a token manager: README.md's "What fetch does", and the rest of the public interface. */
import { describe, test } from "node:test";
import conventions from "./behaviours/conventions.mjs";
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
import telling from "./behaviours/telling.mjs";

const behaviours = {
  restoring,
  signingIn,
  reading,
  listening,
  telling,
  renewing,
  failing,
  sending,
  rejected,
  leaving,
  elsewhere,
  intercepting,
  conventions,
  disposing,
  options,
};

/** Runs the parts in the worlds that `createWorld` makes. */
export function contract(name, createWorld, parts = Object.keys(behaviours)) {
  for (const part of parts) {
    describe(`${name}, ${part}`, () => {
      for (const [title, body] of Object.entries(behaviours[part])) {
        test(title, (context) => body((options) => createWorld(context, options)));
      }
    });
  }
}
