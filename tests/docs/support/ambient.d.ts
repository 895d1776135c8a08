/** Names that the code in the pages takes from the app around it. */

/** The app's manager. */
declare const tokens: import("tokenhold").TokenManager;
/** Shows the sign-in form, and why. */
declare function showSignIn(reason?: string): void;
/** Shows a message. */
declare function notify(message: string): void;

/** Set by Vite. */
interface ImportMeta {
  readonly env: { readonly DEV: boolean };
}

declare module "*.vue" {
  const component: import("vue").Component;
  export default component;
}

declare module "*.svelte" {
  const component: import("svelte").Component;
  export default component;
}

/** As the recipe has it, on other pages. */
declare module "*/problem" {
  export function problemOf(error: unknown): string;
}

/** As Vite has it. */
declare module "*.wasm?url" {
  const url: string;
  export default url;
}

/** The parts of Next.js that docs/next.md and docs/csp.md use; the whole is too large to install for that. */
declare module "next/navigation" {
  export function useRouter(): { push(href: string): void };
}

declare module "next/server" {
  export const NextResponse: { next(init?: { request?: { headers: Headers } }): Response };
}

/** Set by bundlers. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
