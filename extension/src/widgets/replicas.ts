/** The replicas of a page by document: all widgets that show one document share its replica. */

import { Replica } from "../crdt/replica.js";

const KEY = Symbol.for("cellissimo.replicas");

interface Shared {
  readonly replica: Replica;
  users: number;
}

const page = globalThis as { [KEY]?: Map<string, Shared> };
const replicas = (page[KEY] ??= new Map<string, Shared>());

/** The page's replica of a document, for as long as anybody uses it. */
export function replicaOf(documentId: string, signal: AbortSignal): Replica {
  const shared = replicas.get(documentId) ?? { replica: new Replica(), users: 0 };
  replicas.set(documentId, shared);
  shared.users += 1;
  signal.addEventListener("abort", () => {
    shared.users -= 1;
    if (shared.users === 0) replicas.delete(documentId);
  });
  return shared.replica;
}
