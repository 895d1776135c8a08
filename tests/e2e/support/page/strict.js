/** In a frame whose policy forbids all that can be forbidden: a manager, and what the policy has found to say. */
import { createTokenManager } from "/tokenhold/index.js";

window.violations = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, sourceFile }) =>
  violations.push(`${effectiveDirective} ${sourceFile}`),
);

window.manager = createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });

window.makeBlobWorker = () => {
  const trusted = window.trustedTypes?.createPolicy("strict", { createScriptURL: (url) => url });
  const url = URL.createObjectURL(new Blob([]));
  try {
    new Worker(trusted?.createScriptURL(url) ?? url);
  } catch {
    // Some browsers throw, some tell the worker.
  }
};
