/** Where the server answers, and as whom oidc-client-ts asks it. */
export const refresh = "/auth/refresh";
export const thing = "/api/thing";
export const token = "/token";
export const discovery = "/.well-known/openid-configuration";
export const client_id = "bench";
