/** The page's worker, which makes it one that can be installed and opens without a network. */

import type { JamFacts } from "./facts.js";

/** Where a browser wants to be told that the address of a script can be trusted. */
interface Trusting {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Registers the worker for this page alone; browsers without one go without. */
export async function installWorker({ worker, here }: JamFacts): Promise<void> {
  if (!globalThis.isSecureContext || !("serviceWorker" in navigator)) return;
  const { trustedTypes } = globalThis as { readonly trustedTypes?: Trusting };
  const policy = trustedTypes?.createPolicy("cellissimo-jam", {
    createScriptURL: (url) => (url === worker ? url : ""),
  });
  try {
    await navigator.serviceWorker.register(policy?.createScriptURL(worker) ?? worker, { scope: here });
  } catch {
    // A private window may refuse: the page works while it is reached.
  }
}
