/** What the pieces of code in the pages take from the app around them. */

/** The app's manager. */
declare const tokens: import("tokenhold").TokenManager;
/** Shows the sign-in form, and why. */
declare function showSignIn(reason?: string): void;
/** Shows a message. */
declare function notify(message: string): void;

/** What Vite puts there. */
interface ImportMeta {
  readonly env: { readonly DEV: boolean };
}

/** docs/testing.md is run by these: tests/packaging/testing.test.mjs. */
declare module "vitest";
declare module "@testing-library/react";

declare module "*.vue" {
  const component: import("vue").Component;
  export default component;
}

declare module "*.svelte" {
  const component: import("svelte").Component;
  export default component;
}
