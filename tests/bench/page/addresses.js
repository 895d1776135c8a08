/** Where the server answers, and as whom oidc-client-ts asks it. */
export const refresh = "/auth/refresh";
export const thing = "/api/thing";
export const token = "/token";
export const discovery = "/.well-known/openid-configuration";
/** Where tabs tell what they have seen. */
export const told = "/told";
export const client_id = "bench";
/** The channel on which all tabs are told what to do. It is no part of the contenders' work. */
export const orders = "bench-orders";
