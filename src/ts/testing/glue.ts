import type * as wasm from "#glue";
import type { ErrorCode, TokenholdError } from "../errors.ts";
import type { Status } from "../snapshot.ts";
import type { TestClock } from "./clock.ts";
import { configOf } from "./config.ts";
import { Driver } from "./driver.ts";

/** What the face lends: how to make its errors, and where to push news to. */
export interface Hooks {
  error(code: ErrorCode, message: string, status: number | undefined, cause: unknown): TokenholdError;
  snapshot(status: Status, claims: string | undefined, expiresAt: number | undefined): void;
  event(type: string, values: unknown[]): void;
}

/** The world in which a manager lives. */
export interface Surroundings {
  clock: TestClock;
  random: () => number;
}

const drivers: Driver[] = [];
let surroundings: Surroundings | undefined;

/** Returns what `make` makes, which opens a manager that lives in `its` world, and that manager's inside. */
export function openIn<T>(its: Surroundings, make: () => T): [T, Driver] {
  surroundings = its;
  try {
    return [make(), drivers.at(-1)!];
  } finally {
    surroundings = undefined;
  }
}

/** As `open` in `src/web/bindings.rs`. */
export const open: typeof wasm.open = (options: unknown[], hooks: Hooks) => {
  if (!surroundings) throw new Error("tokenhold/testing makes managers by createTestTokenManager only");
  return drivers.push(new Driver(configOf(options), hooks, surroundings)) - 1;
};

/** As `call` in `src/web/bindings.rs`: the numbers are those of `Command` in `src/ts/manager.ts`. */
export const call: typeof wasm.call = (manager, command, resolve, reject, input, init) => {
  const driver = drivers[manager]!;
  const done = { resolve: (value?: unknown) => void resolve(value), reject: (reason: unknown) => void reject(reason) };
  const commands = [
    () => {
      driver.start();
      done.resolve();
    },
    () => driver.whenReady(done),
    () => driver.fetch(input, init, done),
    () => driver.signIn(input, done),
    () => driver.refresh(done),
    () => driver.logout(done),
    () => driver.accessToken(done),
    () => driver.dispose(),
  ];
  commands[command]!();
};
