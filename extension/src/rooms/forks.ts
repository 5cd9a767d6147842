/** A draft as a piece of one's own: a fork that says what the draft says. */

import { RoomError } from "../core/room.js";
import type { KeptDraft } from "../crdt/local_copy.js";
import { updateToward } from "../crdt/toward.js";
import { ask, RestError, type Access } from "./rest.js";

/** What a piece may be, as the server's addresses call it. */
const KINDS = ["projects", "songs", "loops"] as const;

/** Gives the new piece's id. */
export async function forkDraft(access: Access, piece: string, draft: KeptDraft): Promise<string> {
  for (const kind of KINDS) {
    const id = await forkOf(access, `${kind}/${encodeURIComponent(piece)}`);
    if (id === null) continue;
    const place = `${kind}/${encodeURIComponent(id)}`;
    const answer = await ask(access, "GET", `${place}/document`);
    const document = new Uint8Array(await answer.arrayBuffer());
    await ask(access, "POST", `${place}/updates`, updateToward(document, draft.document));
    return id;
  }
  throw new RoomError("not-found", "There is nothing here to fork.", "Ask its owner for the right to fork it.");
}

/** Null where the piece is of another kind. */
async function forkOf(access: Access, place: string): Promise<string | null> {
  try {
    const answer = await ask(access, "POST", `${place}/fork`);
    return ((await answer.json()) as { id: string }).id;
  } catch (error) {
    if (error instanceof RestError && error.status === 404) return null;
    throw error;
  }
}
