/** How much of one's room is used, and in whose name the kernels here act. */

import type { About, Amount, Usage } from "../../gen/rest.js";
import { h } from "../page/element.js";
import { sizeWords } from "../words.js";

const KINDS = {
  samples: "Samples",
  recordings: "Recordings",
  originals: "Originals",
  loops: "Loops",
  songs: "Songs",
} as const;

type Kind = keyof typeof KINDS;

const COUNTED: ReadonlySet<Kind> = new Set<Kind>(["loops", "songs"]);
const NEARLY = 0.9;

/** The bars: the fullest in the summary, all of them when it is opened. */
export function drawUsage(usage: Usage): HTMLElement {
  const kinds = Object.keys(KINDS) as Kind[];
  const fullest = kinds.toSorted((a, b) => share(usage[b]) - share(usage[a]))[0] ?? "samples";
  return h(
    "details",
    { class: "cl-usage" },
    h("summary", {}, drawAmount(fullest, usage[fullest])),
    ...kinds.filter((kind) => kind !== fullest).map((kind) => drawAmount(kind, usage[kind])),
  );
}

/** Said where one person's server runs what many write: nobody else is told apart there. */
export function drawIdentity(about: About): HTMLElement | null {
  const { user, singleUser } = about;
  if (user === null || !singleUser) return null;
  const name = user.displayName === "" ? user.username : user.displayName;
  const words = `Whoever runs a cell here acts as ${name}, this server’s user.`;
  return h("p", { class: "cl-identity" }, words);
}

/** One amount in words, with a bar under it. */
export function drawAmount(kind: Kind, amount: Amount): HTMLElement {
  const full = share(amount);
  const words = `${KINDS[kind]}: ${said(kind, amount.used)} of ${said(kind, amount.quota)}`;
  const meter = h("span", { class: "cl-bar", "data-full": full >= NEARLY, "aria-hidden": "true" });
  const filled = h("span");
  filled.style.width = `${(full * 100).toFixed(1)}%`;
  meter.append(filled);
  return h("span", { class: "cl-amount" }, h("span", {}, words), meter);
}

function share({ used, quota }: Amount): number {
  return quota > 0 ? Math.min(1, used / quota) : 0;
}

function said(kind: Kind, value: number): string {
  return COUNTED.has(kind) ? String(value) : sizeWords(value);
}
