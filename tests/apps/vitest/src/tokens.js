// src/tokens.js
import { createTokenManager } from "tokenhold";

export const tokens = await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });
