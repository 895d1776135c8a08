import { createTokenManager } from "tokenhold-of-another-commit";
import { using } from "../using-tokenhold.js";

export const name = "another commit";

export const create = using(createTokenManager);
