import * as world from "./support/fake.mjs";
import { contract } from "./contract.mjs";

contract(world);
