// proxy.js (middleware.js before Next.js 16)
import { NextResponse } from "next/server";

export function proxy(request) {
  const nonce = btoa(crypto.randomUUID());
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types nextjs nextjs#bundler",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy); // Next.js finds the nonce here
  const response = NextResponse.next({ request: { headers } });
  // The development server evaluates strings as code.
  if (process.env.NODE_ENV === "production") response.headers.set("Content-Security-Policy", policy);
  return response;
}
