import * as world from "./support/real.mjs";
import { contract } from "./contract.mjs";

contract(world);
