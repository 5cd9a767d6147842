/** Tickets into a room: asked for by the page itself, afresh for every line. */

import { NoTicket } from "../crdt/room_line.js";
import { ask, RestError, type Access } from "./rest.js";

/** The person, or the server, says no; every other failure may pass. */
const FINAL: readonly number[] = [401, 403, 404, 405, 410];

/**
 * The address of a room with a ticket of the page's own server. `how` is what the server is asked
 * with: "via", and of a guest the name and the link.
 */
export async function askTicket(access: Access, piece: string, how: object): Promise<string> {
  const room = encodeURIComponent(piece);
  try {
    const answer = await ask(access, "POST", `rooms/${room}/tickets`, how);
    const { ticket } = (await answer.json()) as { ticket: string };
    return toWebSocket(new URL(`cellissimo/rooms/${room}`, access.base), ticket);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const said = [error.message, error.cure].filter((text) => text !== "").join(" ");
    throw new NoTicket(said, FINAL.includes(error.status), { cause: error });
  }
}

export function toWebSocket(room: URL, ticket: string): string {
  const url = new URL(room);
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  url.searchParams.set("ticket", ticket);
  return url.href;
}
