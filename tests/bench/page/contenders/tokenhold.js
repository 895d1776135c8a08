import { createTokenManager } from "tokenhold";
import { using } from "../using-tokenhold.js";

export const name = "tokenhold";

export const create = using(createTokenManager);
