/** The worlds that `tokenhold/testing` makes: the package's own core, in a simulated browser. */
import { createTestTokenManager } from "../../../dist/testing/index.js";

/** The time at which every world begins. */
const START = Date.UTC(2030, 0);

/**
 * Makes a world whose manager is disposed of when the test is over.
 *
 * @param {{ after: (fn: () => void) => void }} context
 * @param {object} options
 * @returns {import("../../../dist/testing/index.js").TestTokenManager<any, any>}
 */
export function createWorld(context, options = {}) {
  const world = createTestTokenManager({ now: START, ...options });
  context.after(() => world.tokens.dispose());
  return world;
}
