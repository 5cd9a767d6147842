/** Tickets into a room: asked for by the page itself, afresh for every line. */

import type { Via } from "../core/room.js";
import { NoTicket, type Tickets } from "../crdt/room_line.js";
import { ask, RestError, type Access } from "./rest.js";

/** The person, or the server, says no; every other failure may pass. */
const FINAL: readonly number[] = [401, 403, 404, 405, 410];

/** Asks the page's own server. `more` goes along, as the name and the link of a guest. */
export function ownTickets(access: Access, piece: string, via: Via, more: object = {}): Tickets {
  return async () => {
    try {
      const answer = await ask(access, "POST", `rooms/${encodeURIComponent(piece)}/tickets`, { via, ...more });
      const { ticket } = (await answer.json()) as { ticket: string };
      return roomAddress(access.base, piece, ticket);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const { message, cure, status } = error;
      throw new NoTicket([message, cure].filter((text) => text !== "").join(" "), FINAL.includes(status));
    }
  };
}

/** The websocket of a room. */
export function roomAddress(base: string, piece: string, ticket: string): string {
  const url = new URL(`cellissimo/rooms/${encodeURIComponent(piece)}`, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("ticket", ticket);
  return url.href;
}
