import { LockManager } from "./support/locks.mjs";
import { realWorld } from "./support/real.mjs";
import { contract } from "./contract.mjs";

contract(await realWorld("the package", new LockManager()));
