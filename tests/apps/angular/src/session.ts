import { createTokenManager, type TokenManager } from "tokenhold";

/** Counts for the tests: how often something was rendered, the listeners of the manager, the requests that are over. */
export const census = { renders: {} as Record<string, number>, listeners: 0, ended: [] as string[] };
Object.assign(globalThis, { census });

export function rendered(what: string): void {
  census.renders[what] = (census.renders[what] ?? 0) + 1;
}

export function ended(url: string): void {
  census.ended.push(url);
}

export async function start(): Promise<TokenManager> {
  return counting(await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" }));
}

function counting(tokens: TokenManager): TokenManager {
  for (const name of ["on", "subscribe"] as const) {
    const listen: (...args: any[]) => () => void = tokens[name].bind(tokens);
    tokens[name] = (...args: unknown[]) => {
      const off = listen(...args);
      census.listeners += 1;
      return () => {
        census.listeners -= 1;
        off();
      };
    };
  }
  return tokens;
}
