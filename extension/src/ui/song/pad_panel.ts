/** What can be done with a pad: name, colour, edit, duplicate, put on the timeline, delete. */

import { NAME_LENGTH, PADS } from "../../gen/limits.js";
import type { Loop, Song } from "../../gen/models.js";
import { python } from "../code_lines.js";
import { perform } from "../scene.js";
import { placeLoop } from "./edits.js";
import { actionButton, colorField, textField } from "./form.js";
import type { Inspector } from "./inspector.js";
import { lockButtons } from "./locks.js";
import { doDeed, positionOf, type SongScene } from "./song_scene.js";
import { snapDown } from "./viewport.js";

export function openPad(scene: SongScene, inspector: Inspector, pad: number, loop: Loop, anchor: HTMLElement, editLoop: (id: string) => void): void {
  inspector.open(anchor, `Pad ${pad + 1}: ${loop.name}`, (signal, close) => {
    const edit = actionButton("sliders", "Edit the loop", signal, () => {
      close();
      editLoop(loop.id);
    });
    if (!scene.store.editable) return { fields: [edit] };
    const then = (act: () => void) => (): void => {
      close();
      act();
    };
    const name = textField("Name", loop.name, NAME_LENGTH, signal, (text) => {
      perform(scene, `song.pads.rename(${pad}, ${python(text)})`, `Name ${text}`, (change) => change.loop(loop.id).setField("name", text));
    });
    name.querySelector("input")?.setAttribute("data-first", "");
    const color = colorField(loop.color, signal, (chosen) => {
      perform(scene, `song.pads[${pad}].color = ${python(chosen)}`, "Colour changed", (change) => change.loop(loop.id).setField("color", chosen));
    });
    return {
      fields: [
        name, color, edit,
        actionButton("stack", "Put it on the timeline", signal, then(() => putDown(scene, loop))),
        actionButton("duplicate", "Duplicate", signal, then(() => duplicatePad(scene, pad, loop))),
        ...lockButtons(scene, "loop", loop.id, signal, close),
        actionButton("trash", "Take it off the pad", signal, then(() => clearPad(scene, pad, loop))),
      ],
    };
  });
}

/** Puts a loop where the song stands, on the first lane with room for it. */
function putDown(scene: SongScene, loop: Loop): void {
  const { arrangement } = scene;
  const start = snapDown(arrangement.meter, positionOf(scene), "bar", 1);
  const lanes = arrangement.tracks.filter((track) => track.kind === "lane");
  const free = lanes.find((lane) => lane.items.every((item) => item.start + item.length <= start || item.start > start));
  const lane = free ?? lanes.at(-1);
  if (lane !== undefined) doDeed(scene, placeLoop(arrangement, loop, lane, start));
}

/** The first pad that holds nothing; null where all do. */
export function freePad(pads: ReadonlyMap<number, string>): number | null {
  for (let pad = 0; pad < PADS; pad += 1) if (!pads.has(pad)) return pad;
  return null;
}

function duplicatePad(scene: SongScene, pad: number, loop: Loop): void {
  const free = freePad(scene.store.revision.song.pads);
  if (free === null) return scene.announce("All sixteen pads are taken. Take one off first.");
  const { name } = scene.store.revision.song.loops.get(loop.id) ?? loop;
  perform(scene, `song.pads.duplicate(${pad})`, `${name} on pad ${free + 1}`, (edit) => {
    edit.setPad(free, edit.copyLoop(loop.id, `${name} copy`.slice(0, NAME_LENGTH)));
  });
}

/** Empties a pad, and removes its loop where nothing else plays it. */
function clearPad(scene: SongScene, pad: number, loop: Loop): void {
  perform(scene, `song.pads.delete(${pad})`, `Pad ${pad + 1} is empty. Undo brings ${loop.name} back.`, (edit) => {
    edit.setPad(pad, null);
    if (!isPlayedBeside(scene.store.revision.song, pad, loop.id)) edit.removeLoop(loop.id);
  });
}

/** Whether another pad, the timeline or a stem plays a loop. */
function isPlayedBeside(song: Song, pad: number, id: string): boolean {
  return [...song.pads].some(([other, loop]) => other !== pad && loop === id)
    || [...song.blocks.values(), ...song.segments.values()].some((each) => each.loop === id);
}
