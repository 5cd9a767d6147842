/** A widget whose piece has a room on a server: the page sits there itself, beside the kernel. */

import type { Replica } from "../crdt/replica.js";
import { NoTicket, type Tickets } from "../crdt/room_line.js";
import { joinRoom } from "../rooms/join.js";
import { Recordings } from "../rooms/recordings.js";
import { RestError, type Access } from "../rooms/rest.js";
import type { Seat } from "../rooms/seat.js";
import { askTicket, toWebSocket } from "../rooms/tickets.js";
import { tell, type LiveModel, type Message } from "./model.js";

/** What the kernel says of the room. */
interface Told {
  readonly piece: string;
  /** A path where it is the page's own server; else the address of another. */
  readonly path?: string;
  /** False where the kernel is not in the room itself. */
  readonly peer?: boolean;
}

/** A kernel that is busy answers later: the widget goes on over the comm until then. */
const KERNEL_MS = 15_000;

export class RoomTie {
  /** Null where the piece has no room. */
  seat: Seat | null = null;
  /** How the server of the room is reached. */
  access: Access | null = null;
  /** Whether the kernel reaches the room through this page alone. */
  bridges = false;
  /** The piece's recordings, where the page's own server has them. */
  recordings: Recordings | null = null;
  #controller = new AbortController();
  readonly #changed = new Set<() => void>();

  constructor(
    private readonly model: LiveModel,
    private readonly replica: Replica,
    private readonly signal: AbortSignal,
  ) {
    const changed = (): void => this.#follow();
    model.on("change:_room", changed);
    signal.addEventListener("abort", () => {
      model.off("change:_room", changed);
      this.#controller.abort();
    });
    this.#follow();
  }

  /** Whether the room carries the music: then nothing of it goes over the comm. */
  get carries(): boolean {
    return this.seat !== null && !this.bridges && this.seat.wasIn;
  }

  /** Calls back when the piece has got, or lost, its room. */
  subscribe(changed: () => void, signal: AbortSignal): void {
    this.#changed.add(changed);
    signal.addEventListener("abort", () => this.#changed.delete(changed));
  }

  #follow(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.seat = null;
    const told = toldBy(this.model);
    if (told !== null && !this.signal.aborted) this.#join(told);
    this.#changed.forEach((changed) => changed());
  }

  #join({ piece, path, peer = true }: Told): void {
    const { replica, model } = this;
    const access = accessOf(path);
    this.bridges = !peer;
    this.access = access;
    const blobs = `${access.base}cellissimo/api/v1/projects/${encodeURIComponent(piece)}/blobs/`;
    this.recordings = access.isOwn ? new Recordings(blobs, "") : null;
    const joining = { ...access, piece, replica, bridges: !peer, tickets: ticketsOf(model, access, piece) };
    this.seat = joinRoom(joining, this.#controller.signal);
  }
}

function toldBy(model: LiveModel): Told | null {
  const text = model.get("_room") ?? "";
  return text === "" ? null : (JSON.parse(text) as Told);
}

/** The server of the page as Jupyter says it, where that has the room; else as the kernel does. */
function accessOf(path = ""): Access & { readonly isOwn: boolean } {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  const { baseUrl = "/", token = "" } = JSON.parse(config ?? "{}") as { baseUrl?: string; token?: string };
  const [own, told] = [baseUrl, path].map((where) => new URL(where, location.origin).href.replace(/\/?$/, "/"));
  const isOwn = config != null && (own === told || !path.includes("://"));
  return isOwn ? { base: own ?? "", token, isOwn } : { base: told ?? "", isOwn };
}

/** The page asks its own server; where that keeps no projects, or is another, the kernel is asked. */
function ticketsOf(model: LiveModel, access: ReturnType<typeof accessOf>, piece: string): Tickets {
  return async () => {
    if (!access.isOwn) return askKernel(model);
    try {
      return await askTicket(access, piece, { via: "page" });
    } catch (error) {
      const isStrange = error instanceof NoTicket && error.cause instanceof RestError && error.cause.isStrange;
      if (!isStrange) throw error;
      return askKernel(model);
    }
  };
}

/** A ticket that the kernel asks for. */
function askKernel(model: LiveModel): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      model.off("msg:custom", heard);
    };
    const heard = ({ kind, ticket, url, error }: Message): void => {
      if (kind !== "ticket") return;
      end();
      if (ticket === undefined || url === undefined) reject(new NoTicket(error ?? "the kernel has no ticket", false));
      else resolve(toWebSocket(new URL(url, location.href), ticket));
    };
    const timer = setTimeout(() => {
      end();
      reject(new NoTicket("The kernel is busy.", false));
    }, KERNEL_MS);
    model.on("msg:custom", heard);
    tell(() => model.send({ kind: "ticket" }));
  });
}
