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

declare module "*.vue" {
  const component: import("vue").Component;
  export default component;
}

declare module "*.svelte" {
  const component: import("svelte").Component;
  export default component;
}

/** As Vite has it. */
declare module "*.wasm?url" {
  const url: string;
  export default url;
}

/** What docs/next.md and docs/csp.md take of Next.js, which is too large to be installed for that. */
declare module "next/navigation" {
  export function useRouter(): { push(href: string): void };
}

declare module "next/server" {
  export const NextResponse: { next(init?: { request?: { headers: Headers } }): Response };
}

/** What bundlers put there. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
