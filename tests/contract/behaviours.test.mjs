/** The package as most pages have it: in a secure context, where tabs meet. */
import { contract } from "./contract.mjs";
import { createWorld } from "./support/world.mjs";

contract("the package", createWorld);
