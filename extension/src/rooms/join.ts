/** A page enters a room: one seat for each piece, with the browser around it. */

import { page } from "../audio/page.js";
import { createTransport } from "../audio/together/conductor.js";
import { keepsSongs } from "../core/kept_here.js";
import { shareRoom } from "../core/rooms.js";
import type { Via } from "../core/room.js";
import { BrowserCopies } from "../crdt/offline.js";
import type { Replica } from "../crdt/replica.js";
import type { LineSurroundings, Socket, SocketHeard, Tickets } from "../crdt/room_line.js";
import { forkDraft } from "./forks.js";
import { Keeping } from "./keeping.js";
import type { Access } from "./rest.js";
import { Seat } from "./seat.js";
import { askTicket } from "./tickets.js";

export interface Joining extends Access {
  readonly piece: string;
  /** What the page shows; it follows the room from now on. */
  readonly replica: Replica;
  /** "page" unless told. */
  readonly via?: Via;
  /** The page's own server gives them unless told. */
  readonly tickets?: Tickets;
  /** What to ask for a ticket with besides, as the name and the link of a guest. */
  readonly guest?: object;
  /** Whether the kernel reaches the room through this page alone. */
  readonly bridges?: boolean;
}

/** The page's seat in the room of a piece, until the signals of all who asked for it have ended. */
export function joinRoom(joining: Joining, signal: AbortSignal): Seat {
  return shareRoom(joining.piece, (until) => enter(joining, until), signal);
}

function enter({ piece, base, token, replica, via = "page", guest, bridges = false, tickets }: Joining, signal: AbortSignal): Seat {
  const access: Access = token === undefined ? { base } : { base, token };
  const seat = new Seat({
    piece, via, replica, bridges,
    around: surroundings(tickets ?? (() => askTicket(access, piece, { via, ...guest }))),
    keeping: new Keeping(copies(), base, piece),
    transport: (seat, until) => createTransport(seat, page(), until),
    fork: (draft) => forkDraft(access, piece, draft),
  }, signal);
  globalThis.addEventListener("pagehide", () => seat.flush(), { signal });
  return seat;
}

function surroundings(tickets: Tickets): LineSurroundings & { newId(): number; date(): number } {
  return {
    tickets,
    openSocket,
    later: (callback, wait) => {
      const timer = setTimeout(callback, wait);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
    date: () => Date.now(),
    random: () => Math.random(),
    newId: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    onNetwork: (changed, signal) => {
      globalThis.addEventListener("online", () => changed(true), { signal });
      globalThis.addEventListener("offline", () => changed(false), { signal });
    },
  };
}

function openSocket(url: string, heard: SocketHeard): Socket {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => heard.opened());
  socket.addEventListener("close", ({ code, reason }) => heard.closed(code, reason));
  socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => heard.received(new Uint8Array(data)));
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
    },
    close: () => socket.close(),
  };
}

let opened: Promise<BrowserCopies | null> | null = null;

/** The copies of this browser, where the person lets it keep some. */
function copies(): Promise<BrowserCopies | null> {
  try {
    if (!keepsSongs(localStorage)) return Promise.resolve(null);
    return (opened ??= BrowserCopies.open(indexedDB, () => Date.now()));
  } catch {
    // A page in a frame may be forbidden to look.
    return Promise.resolve(null);
  }
}
