/** A room, or its music, shown by a page that has no kernel: what a front end asks the bundle for. */

import { page } from "../audio/page.js";
import type { Playable } from "../core/player.js";
import { ReplicaSongStore } from "../crdt/song_store.js";
import { joinRoom } from "../rooms/join.js";
import { Recordings } from "../rooms/recordings.js";
import type { Access } from "../rooms/rest.js";
import type { Seat } from "../rooms/seat.js";
import { mountLoop } from "../ui/loop_view.js";
import { mountRoomPanel } from "../ui/room/room_panel.js";
import { mountSong } from "../ui/song/song_view.js";
import { replicaOf } from "./replicas.js";
import { seatFor } from "./room_seat.js";

/** Which room, on which server, for how long. */
export interface Shown extends Access {
  readonly piece: string;
  readonly title: string;
  readonly signal: AbortSignal;
}

/** Shows the whole room: people, chat, comments, history. */
export function showRoom(el: HTMLElement, shown: Shown): void {
  const { seat, music, signal } = enter(shown);
  mountRoomPanel(el, { ...seatFor(seat, shown), signal, music, title: shown.title });
}

/** Shows the music of a room in full, without a kernel. */
export function showSong(el: HTMLElement, shown: Shown): void {
  const { seat, music, recordings, signal } = enter(shown);
  const room = seatFor(seat, shown);
  const mount = (): void => {
    const { song } = music.store.revision;
    const [loop] = song.loops.keys();
    if (song.kind !== "loop" || loop === undefined) {
      mountSong(el, music.store, music.player, music.playable, { signal, room, peaks: recordings.peaks });
      return;
    }
    const store = music.store.loop(loop);
    const id = `${song.id}/${loop}`;
    music.player.attach(id, signal);
    mountLoop(el, store, music.player, () => ({ id, revision: store.revision }), { signal, room });
  };
  whenThere(seat, el, signal, mount);
}

interface Entered {
  readonly seat: Seat;
  readonly music: Parameters<typeof mountRoomPanel>[1]["music"] & object;
  readonly recordings: Recordings;
  readonly signal: AbortSignal;
}

function enter({ piece, signal, ...access }: Shown): Entered {
  const seat = joinRoom({ ...access, piece, replica: replicaOf(piece, signal) }, signal);
  const store = new ReplicaSongStore(seat.replica, () => undefined);
  const { player } = page();
  const recordings = recordingsOf(access, piece);
  seat.playables.useAudio(recordings.page, signal);
  const playable = (): Playable => ({ id: store.revision.song.id, revision: store.revision, audio: recordings.page });
  let attached = "";
  const attach = (): void => {
    const { id } = store.revision.song;
    if (seat.replica.isEmpty || id === attached) return;
    attached = id;
    player.attach(id, signal);
  };
  store.subscribe(attach, signal);
  attach();
  return { seat, music: { store, player, playable }, recordings, signal };
}

/** The recordings of a piece, as the server keeps them. */
function recordingsOf({ base, token = "" }: Access, piece: string): Recordings {
  const at = new URL(`cellissimo/api/v1/projects/${encodeURIComponent(piece)}/`, base).href;
  const get: typeof fetch = (address, init = {}) => {
    const headers = new Headers(init.headers);
    if (token !== "") headers.set("Authorization", `token ${token}`);
    return fetch(address, { ...init, headers, credentials: "same-origin" });
  };
  return new Recordings(`${at}blobs/`, `${at}outlines/`, get);
}

/** Calls back once the music has come; says until then what is waited for. */
function whenThere(seat: Seat, el: HTMLElement, signal: AbortSignal, act: () => void): void {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const words = el.appendChild(document.createElement("p"));
  words.setAttribute("role", "status");
  words.style.cssText = "margin: 16px; color: var(--jp-ui-font-color2)";
  const look = (): void => {
    if (until.aborted) return;
    words.textContent = seat.state === "closed" ? seat.reason || "You may not be in this room." : "Opening\u2026";
    if (seat.replica.isEmpty) return;
    ending.abort();
    words.remove();
    act();
  };
  seat.subscribe("state", look, until);
  seat.replica.observe(look, until);
  look();
}
