/** Why a browser gives no sound, and the cure, in one sentence each. */

/** What each failure tells the musician. */
export const REASONS = {
  insecure:
    "Browsers make sound of this kind only on https or localhost, and this page is neither: " +
    "open Jupyter by https, or through an SSH tunnel to localhost.",
  unsupported: "This browser has no AudioWorklet: use a current Firefox, Chrome, Edge or Safari.",
  policy:
    "The server's Content-Security-Policy keeps the sound engine out: its administrator can " +
    "add blob: and 'wasm-unsafe-eval' to script-src.",
  rate: "This browser cannot play at 48 000 Hz: use a current Firefox, Chrome, Edge or Safari.",
  mismatch:
    "The page's sound engine and this loop come from different versions of cellissimo: " +
    "reload the page.",
  late: "The recordings come too late to be heard in time: wait a moment, or seek back.",
  locked: "The browser waits for a click before it lets any sound out.",
} as const;

/** A failure whose message can be shown as it is. */
export class SoundError extends Error {}

/** The reason to show for whatever was thrown while the sound was opened. */
export function reasonOf(error: unknown): string {
  if (error instanceof SoundError) return error.message;
  const name = error instanceof Error ? error.name : "";
  const text = error instanceof Error ? `${name}: ${error.message}` : String(error);
  if (name === "AbortError" || text.includes("CompileError")) return `${REASONS.policy} (${text})`;
  if (name === "NotSupportedError") return `${REASONS.rate} (${text})`;
  return `The sound engine could not start: reload the page. (${text})`;
}
