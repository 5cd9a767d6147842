/** Which keys of the document's maps a transaction wrote. */

import type * as Y from "yjs";

/** Each key behind the names of the maps that it is in, from the root on. */
export function changedKeys(transaction: Y.Transaction): string[][] {
  const found: string[][] = [];
  for (const [type, keys] of transaction.changed) {
    const path = pathOf(type, transaction);
    if (path === null) continue;
    for (const key of keys) if (key !== null) found.push([...path, key]);
  }
  return found;
}

/** Null where a map came within another one that this transaction wrote. */
function pathOf(type: unknown, transaction: Y.Transaction): string[] | null {
  const path: string[] = [];
  let at = type;
  for (let item = itemOf(at); item !== null; item = itemOf(at)) {
    const isNew = item.id.clock >= (transaction.beforeState.get(item.id.client) ?? 0);
    if (isNew || item.parentSub === null) return null;
    path.unshift(item.parentSub);
    at = item.parent;
  }
  for (const [name, root] of transaction.doc.share) if (root === at) return [name, ...path];
  return null;
}

/** The operation that made a map; null: it is a root. */
function itemOf(type: unknown): Y.Item | null {
  const { _item: item } = type as { readonly _item: Y.Item | null };
  return item;
}
