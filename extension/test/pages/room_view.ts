/** A song's view in a room and the room's panel beside it, on a bare page, with people in memory. */

import { mountSong } from "../../src/ui/song/song_view.js";
import { mountLoop } from "../../src/ui/loop_view.js";
import { mountRoomPanel } from "../../src/ui/room/room_panel.js";
import { LivelyRoom } from "../ui/lively_room.js";
import { MemoryRoomApi } from "../ui/memory_room_api.js";
import { MemorySongStore } from "../ui/memory_song_store.js";
import { NotingPlayer } from "../ui/memory_store.js";
import { RICH_SONG } from "../ui/rich_song.js";

const { search } = location;
const room = new LivelyRoom();
const store = new MemorySongStore(RICH_SONG);
const player = new NotingPlayer();
const ending = new AbortController();
const { signal } = ending;
const playable = { id: "song", get revision() { return store.revision; } };
const api = new MemoryRoomApi(room, () => store.revision);
const seat = { room, api, openRoom: () => room.said.push("open room") };
const has = (name: string): boolean => search === "" || search.includes(name);
if (search.includes("dark")) {
  document.documentElement.style.colorScheme = "dark";
  document.body.style.background = "#111";
}
const box = document.body.appendChild(document.createElement("div"));
box.className = "box";
const place = (className: string): HTMLElement => {
  const element = box.appendChild(document.createElement("div"));
  element.className = className;
  return element;
};
if (has("song")) mountSong(place("song"), store, player, () => playable, { signal, room: Promise.resolve(seat) });
if (has("loop")) mountLoop(place("loop"), store.loop("verse"), player, () => ({ id: "loop", revision: store.loop("verse").revision }), { signal, room: seat });
if (has("panel")) mountRoomPanel(place("panel"), { ...seat, signal, music: { store, player, playable: () => playable } });
Object.assign(globalThis, { room, api, store, player, ending });
