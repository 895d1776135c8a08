/** All contenders, in turns, so that whatever the machine does meanwhile happens to all of them. */
import * as another from "#another";
import * as axios from "./contenders/axios.js";
import * as bare from "./contenders/bare.js";
import * as oidc from "./contenders/oidc-client-ts.js";
import * as tokenhold from "./contenders/tokenhold.js";

export const contenders = [bare, tokenhold, ...("create" in another ? [another] : []), axios, oidc];

/** Calls `action` for each contender in each of `rounds`, each round beginning with another; returns what came of it by name. */
export async function inTurns(rounds, action) {
  const results = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length];
      results[contender.name].push(await action(contender));
    }
  }
  return results;
}
