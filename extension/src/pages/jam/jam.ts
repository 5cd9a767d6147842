/** Inside a jam: the room's song or one of its loops in the whole window, and the room beside it. */

import { page as soundOfPage } from "../../audio/page.js";
import type { Playable, Player } from "../../core/player.js";
import { Replica } from "../../crdt/replica.js";
import { ReplicaSongStore } from "../../crdt/song_store.js";
import { joinRoom } from "../../rooms/join.js";
import { RoomLists } from "../../rooms/lists.js";
import { Recordings } from "../../rooms/recordings.js";
import type { Access } from "../../rooms/rest.js";
import type { Seat } from "../../rooms/seat.js";
import type { RoomSeat } from "../../ui/room/room_scene.js";
import { keepScreenOn, screenLock } from "./awake.js";
import type { JamFacts } from "./facts.js";
import { createShell } from "./shell.js";

export interface Entrance {
  /** The music has come. */
  entered(): void;
  /** There is no way in, or no longer one. */
  refused(reason: string): void;
}

/** What the views of a jam stand on. */
export interface Jam {
  readonly seat: RoomSeat;
  readonly store: ReplicaSongStore;
  readonly player: Player;
  readonly song: () => Playable;
  readonly peaks: Recordings["peaks"];
  readonly signal: AbortSignal;
}

const ENDED = "The door is closed: this link has ended, or the music is gone. Whoever gave it to you can give you a new one.";

/** Takes a seat in the room under a name, and shows what is there until the signal ends. */
export function enterJam(page: Document, facts: JamFacts, name: string, entrance: Entrance, signal: AbortSignal): void {
  const access: Access = { base: new URL(facts.base, page.baseURI).href, link: facts.link };
  const guest = { link: facts.link, ...(facts.name === null ? { name } : {}) };
  const seat = joinRoom({ ...access, piece: facts.piece, replica: new Replica(), via: "jam", guest }, signal);
  const jam = standing(facts, access, seat, signal);
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const look = (): void => {
    if (until.aborted || seat.replica.isEmpty) return;
    ending.abort();
    jam.player.attach(jam.song().id, signal);
    createShell(page, facts, jam);
    entrance.entered();
  };
  seat.replica.observe(look, until);
  seat.subscribe("state", () => {
    look();
    if (seat.state === "closed" && !signal.aborted) entrance.refused(ENDED);
  }, signal);
  look();
}

function standing(facts: JamFacts, access: Access, seat: Seat, signal: AbortSignal): Jam {
  const store = new ReplicaSongStore(seat.replica, () => undefined);
  const { player } = soundOfPage();
  const recordings = new Recordings(facts.blobs, facts.outlines);
  seat.playables.useAudio(recordings.page, signal);
  const song = (): Playable => ({ id: store.revision.song.id, revision: store.revision, audio: recordings.page });
  const isPlaying = (): boolean => {
    const { id, loops } = store.revision.song;
    return [id, ...[...loops.keys()].map((loop) => `${id}/${loop}`)].some((one) => player.stateOf(one) === "playing");
  };
  keepScreenOn(player, isPlaying, document, screenLock(), signal);
  return { seat: { room: seat, song: store, api: new RoomLists(seat, access, signal) }, store, player, song, peaks: recordings.peaks, signal };
}
