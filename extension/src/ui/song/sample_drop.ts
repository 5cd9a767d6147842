/** Takes samples that are dragged in from elsewhere in the page: onto a stem, at a place. */

import type { Song } from "../../gen/models.js";
import { python } from "../code_lines.js";
import { on } from "../dom.js";
import type { Item } from "./arrangement.js";
import { barNumber } from "./song_lines.js";
import type { SongScene } from "./song_scene.js";
import type { TimelineView } from "./timeline_view.js";

/** What a dragged sample carries: `{id, name, duration}`, of which only the id is believed. */
const SAMPLE_TYPE = "application/vnd.cellissimo.sample+json";

/** The stem of what is dropped where no stem is; the kernel makes it when it is first needed. */
const STEM = "Samples";

/** Puts a sample onto a stem, or that of samples (null), at a tick. Rejects with a reason. */
export type TakeSample = (sample: string, stem: string | null, tick: number) => Promise<void>;

interface Spot {
  readonly place: number;
  readonly stem: string | null;
  readonly name: string;
  readonly start: number;
}

/** Listens on the timeline until the view ends. */
export function listenToSamples(
  scene: SongScene,
  view: TimelineView,
  element: HTMLElement,
  take: TakeSample,
): void {
  const { signal } = scene;
  const follow = (event: DragEvent): void => {
    if (!isSample(event) || !scene.store.editable) return;
    event.preventDefault();
    const spot = spotUnder(scene, view, event);
    const item = shadow(scene, view, spot);
    view.lift([{ item, start: item.start, length: item.length, track: item.track }], true);
  };
  on(element, "dragenter", follow, signal);
  on(element, "dragover", follow, signal);
  on(element, "dragleave", (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) view.lift([], true);
  }, signal);
  on(element, "drop", (event) => {
    if (!isSample(event) || !scene.store.editable) return;
    event.preventDefault();
    view.lift([], true);
    const sample = sampleIn(event.dataTransfer?.getData(SAMPLE_TYPE) ?? "");
    if (sample !== null) void put(scene, sample, spotUnder(scene, view, event), take);
  }, signal);
}

async function put(scene: SongScene, sample: string, spot: Spot, take: TakeSample): Promise<void> {
  const bar = barNumber(scene.arrangement.meter, spot.start);
  const to = lineOf(scene.arrangement.song, spot);
  scene.announce("Fetching the sample");
  try {
    await take(sample, spot.stem, spot.start);
    scene.showCode(`${to}.add_audio(cm.sample(${python(sample)}), bar=${bar})`);
    scene.announce(`The sample stands on ${spot.name}, bar ${bar}`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    scene.showCode(`# ${words.replace(/\s+/g, " ")}`);
    scene.announce(words);
  }
}

/** `song.stems["Keys"]`, or what makes the stem of samples. */
function lineOf(song: Song, spot: Spot): string {
  const isThere = spot.stem !== null || [...song.stems.values()].some(({ name }) => name === STEM);
  return isThere ? `song.stems[${python(spot.name)}]` : `song.stems.add(${python(STEM)})`;
}

/** On a stem where one lies under the pointer; on that of samples everywhere else. */
function spotUnder(scene: SongScene, view: TimelineView, event: DragEvent): Spot {
  const { tracks } = scene.arrangement;
  const place = view.trackAt(event.clientY) ?? tracks.length - 1;
  const stem = tracks[place]?.stem ?? null;
  const start = view.snap(Math.max(0, view.tickAt(event.clientX)), event.altKey);
  return { place, stem: stem?.id ?? null, name: stem?.name ?? STEM, start };
}

/** Four lines of the grid: what is dragged, and how long it is, browsers tell when it is dropped. */
function shadow(scene: SongScene, view: TimelineView, spot: Spot): Item {
  return {
    kind: "segments", id: "", key: "", track: spot.place, start: spot.start, length: view.unit(spot.start) * 4,
    name: "Sample", color: scene.arrangement.tracks[spot.place]?.stem?.color ?? "#868e96",
    loop: null, turn: 0, segment: null, block: null,
  };
}

function isSample(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(SAMPLE_TYPE) === true;
}

function sampleIn(text: string): string | null {
  try {
    const carried: unknown = JSON.parse(text);
    if (typeof carried !== "object" || carried === null || !("id" in carried)) return null;
    return typeof carried.id === "string" ? carried.id : null;
  } catch {
    return null;
  }
}
