/** The world that `tokenhold/testing` makes. */
import { createTestTokenManager } from "../../../dist/testing/index.js";
import { START } from "./clock.mjs";
import { standInPage } from "./page.mjs";

const page = standInPage();

export const name = "the fake";

export async function createWorld(context, options = {}) {
  page.reset();
  const world = createTestTokenManager({ now: START, ...options });
  context.after(() => world.tokens.dispose());
  return { ...world, setCookie: page.setCookie };
}
