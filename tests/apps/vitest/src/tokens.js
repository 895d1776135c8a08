// src/tokens.js
import { createTokenManager } from "tokenhold";

export const started = createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });
