import { createTokenhold } from "tokenhold/svelte";
import { start } from "./session.js";

export const tokens = createTokenhold(start);
