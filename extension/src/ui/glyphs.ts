/** The view's small pictures: one set for the controls and one for the sounds. */

import { svg } from "./dom.js";
import type { Sound } from "../gen/sounds.js";

/** One glyph: strokes on a 24 by 24 field, and shapes that are filled. */
interface Drawing {
  readonly lines?: string;
  readonly fill?: string;
}

const CONTROLS = {
  play: { fill: "M8 5.2c0-1 1-1.6 1.9-1.1l10 6.8c.8.5.8 1.7 0 2.2l-10 6.8c-.9.5-1.9-.1-1.9-1.1z" },
  stop: { fill: "M7.5 5.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z" },
  wait: { lines: "M12 4a8 8 0 1 1-8 8" },
  undo: { lines: "M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3" },
  redo: { lines: "M15.5 5 20 9.5 15.5 14M19.5 9.5H10a5.5 5.5 0 0 0 0 11h3" },
  help: { lines: "M9 9a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.3-1.6 2.5M12 17.6v.1" },
  copy: { lines: "M9 9h10v11H9zM5.5 15H5V4h10v.5" },
  prompt: { lines: "M5 7l5 5-5 5M12.5 17.5H19" },
  pause: { fill: "M7.5 5h2a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM14.5 5h2a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z" },
  plus: { lines: "M12 5v14M5 12h14" },
  close: { lines: "M6 6l12 12M18 6 6 18" },
  left: { lines: "M14.5 5.5 8 12l6.5 6.5" },
  right: { lines: "M9.5 5.5 16 12l-6.5 6.5" },
  speaker: { lines: "M4 9.5v5h3.5L12 18.5V5.5L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" },
  silent: { lines: "M4 9.5v5h3.5L12 18.5V5.5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5" },
  warning: { lines: "M12 4.5 3 19.5h18zM12 10v4.5M12 17v.1" },
  sliders: { lines: "M6 4v6M6 14v6M12 4v2.5M12 10.5V20M18 4v9M18 17v3M4 12h4M10 8.5h4M16 15h4" },
  trash: { lines: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5" },
  stack: { lines: "M5 15.5h14M5 11.5h14M5 7.5h14" },
  wave: { lines: "M3 12h2M7 8v8M10.5 4.5v15M14 9v6M17.5 6.5v11M21 12h-.5" },
  metronome: { lines: "M9 4h6l4 16H5zM6 15.5h12M12 15.5 18.5 6" },
  repeat: { lines: "M6 15.5A4.5 4.5 0 0 1 6 7h12M18 8.5a4.5 4.5 0 0 1 0 8.5H6M15.5 4 18.5 7l-3 3M8.5 14l-3 3 3 3" },
  scissors: { lines: "M7 4.5 17 17M17 4.5 7 17M6 16.5a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM18 16.5a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z" },
  duplicate: { lines: "M8.5 8.5H20V20H8.5zM5 15.5H4V4h11.5v1" },
  fit: { lines: "M3.5 5v14M20.5 5v14M6.5 12h11M9.5 9l-3 3 3 3M14.5 9l3 3-3 3" },
  minus: { lines: "M5 12h14" },
  flag: { lines: "M6 21V4M6 4.5h12l-3 4 3 4H6" },
  follow: { lines: "M12 3v18M15 8.5l4 3.5-4 3.5M4 12h4.5" },
  pads: { lines: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z" },
  more: { fill: "M5 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM12 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM19 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z" },
  power: { lines: "M12 3.5V11M7 6.2a7.5 7.5 0 1 0 10 0" },
  live: { lines: "M7.8 16.2a6 6 0 0 1 0-8.4M16.2 7.8a6 6 0 0 1 0 8.4M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14", fill: "M12 9.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z" },
  clock: { lines: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 2" },
  offline: { lines: "M7 18.5h10a4 4 0 0 0 .8-7.9A6 6 0 0 0 6.4 9.2 4.7 4.7 0 0 0 7 18.5zM4 4l16 16" },
  lock: { lines: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2" },
  people: { lines: "M9 5a3.3 3.3 0 1 1 0 6.6A3.3 3.3 0 0 1 9 5zM2.5 19.5c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M15.5 5.4a3 3 0 0 1 0 5.8M18 14.4c2 .7 3.2 2.4 3.5 5.1" },
  speech: { lines: "M4.5 5h15v11H11l-4.5 4v-4h-2z" },
  pin: { lines: "M5 4h14v11h-5.5L10 19v-4H5z" },
  check: { lines: "M5 12.5 10 17.5 19.5 7" },
  headphones: { lines: "M4.5 15v-3a7.5 7.5 0 0 1 15 0v3M4.5 14h3.2v6H4.5zM16.3 14h3.2v6h-3.2z" },
  baton: { lines: "M4 20 17 7M17 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z" },
  history: { lines: "M4.5 12A7.7 7.7 0 1 0 7 6.4M4 4.5v4h4M12 8v4.5l3 1.7" },
  start: { lines: "M6 5v14", fill: "M19 6.2v11.6c0 .8-.9 1.2-1.5.7L9 12.7a.9.9 0 0 1 0-1.4l8.5-5.8c.6-.5 1.5-.1 1.5.7z" },
} as const satisfies Record<string, Drawing>;

export type ControlName = keyof typeof CONTROLS;

const SOUND_DRAWINGS: Readonly<Record<string, Drawing>> = {
  lead: { lines: "M3 16.5 9 7v10l6-10v10l6-10" },
  pad: { lines: "M2.5 10c3-5 6.5-5 9.5 0s6.5 5 9.5 0M2.5 16c3-5 6.5-5 9.5 0s6.5 5 9.5 0" },
  pluck: { lines: "M2.5 12C4 2 6 2 7.5 12s3 7 4.5 0 2.5-5 3.5 0 2 2.5 3 0c.7-1.5 1.5-1 3 0" },
  arp: {
    lines: "M5 18.5v-1M11 14v-1M16 9.5v-1M21 5V4",
    fill: "M3 17h4v3.5H3zM8.5 12.5h4V16h-4zM14 8h4v3.5h-4zM18.5 3.5h3.5V7h-3.5z",
  },
  keys: { lines: "M3 5h18v14H3zM9 5v8M15 5v8M9 13v6M15 13v6M6 16v.1M12 16v.1M18 16v.1" },
  bell: { lines: "M12 3v2M6 17c1.6-2 1.5-4 1.7-6.5C8 7.5 9.5 5 12 5s4 2.5 4.3 5.5c.2 2.5.1 4.5 1.7 6.5zM4.5 17h15M10.5 20a1.6 1.6 0 0 0 3 0" },
  kick: {
    lines: "M12 3.5a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM6 17.5 4 21M18 17.5 20 21",
    fill: "M12 8.7a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  },
  snare: {
    lines: "M3.5 12c0-1.7 3.8-3 8.5-3s8.5 1.3 8.5 3-3.8 3-8.5 3-8.5-1.3-8.5-3zM3.5 12v5c0 1.7 3.8 3 8.5 3s8.5-1.3 8.5-3v-5M12 11.5 4.5 3M14 11l6-7.5",
  },
  hihat: { lines: "M3 10.5c3-2.5 15-2.5 18 0zM3 13.5c3 2.5 15 2.5 18 0zM12 4v4.5M12 15.5V21M9 21h6" },
  clap: {
    lines: "M8 12.5 13.5 7a1.4 1.4 0 0 1 2 2l1-1a1.4 1.4 0 0 1 2 2l-7.5 8c-2 2-5 2-6.5.5S3 14.5 5 12.5l1-4.5a1.4 1.4 0 0 1 2.7.5zM16 3V1.8M20 4.5l1-1M21 9h1.3",
  },
  sub: { lines: "M2.5 12c2.5-9 7-9 9.5 0s7 9 9.5 0M6 20.5h12" },
  wobble: { lines: "M2.5 12c1.8-9 4.2-9 6 0s3.2 9 4.6 0 2.6-7.5 3.6 0 1.7 5 2.4 0c.5-2.5 1.5-2.5 2.4 0" },
  fmbass: { lines: "M2.5 12c1.5-7 3.5-7 5 0s3 7 4.5 0c.8-4 1.8-4 2.6 0s1.8 4 2.6 0 1.6-3 2.3 0M6 20.5h12" },
  riser: { lines: "M3 20 21 4M21 4h-6M21 4v6M9 20l8-4M15 20.5l3-1" },
  impact: { fill: "M12 2l2.2 6 5.3-3-2.5 5.5 5 2-5.3 1.5 2.8 5.5-5.3-2.5L12 22l-2.2-5-5.3 2.5L7.3 14 2 12.5l5-2L4.5 5l5.3 3z" },
  sweep: { lines: "M3 18C10 18 16 13 20 5M3 13.5c4 0 8-3 10.5-7.5M9 20.5c5-1 10-5 12.5-10" },
  glitch: { lines: "M4 6h9M16 6h4M4 10h3M10 10h10M4 14h11M18 14h2M4 18h5M12 18h5" },
  vocal: { lines: "M12 3a3.5 3.5 0 0 1 3.5 3.5v5a3.5 3.5 0 0 1-7 0v-5A3.5 3.5 0 0 1 12 3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.5M8.5 21.5h7" },
  noise: { fill: "M4 5h2v2H4zM10 4h2v2h-2zM16 6h2v2h-2zM7 9h2v2H7zM13 10h2v2h-2zM19 11h2v2h-2zM3 13h2v2H3zM9 14h2v2H9zM15 15h2v2h-2zM5 18h2v2H5zM12 19h2v2h-2zM19 18h2v2h-2z" },
  kick808: {
    lines: "M12 2.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3 20.5c2-3 4-3 6 0s4 3 6 0 4-3 6 0",
    fill: "M12 7a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  },
  rim: { lines: "M4 12c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 12v5c0 1.7 3.6 3 8 3s8-1.3 8-3v-5M3 6.5 21 13" },
  tom: { lines: "M5 7c0-1.7 3.2-3 7-3s7 1.3 7 3-3.2 3-7 3-7-1.3-7-3zM5 7v9c0 1.7 3.2 3 7 3s7-1.3 7-3V7M8 18.5 7 22M16 18.5l1 3.5" },
  cowbell: { lines: "M8.5 7h7l3 12h-13zM10.5 7V4h3v3M8 22h8" },
  shaker: { lines: "M7.5 16.5 16.5 7.5M9 4.5 19.5 15a3.7 3.7 0 0 1-5.2 5.2L3.8 9.7A3.7 3.7 0 0 1 9 4.5zM20.5 5.5l1-1M17.5 3.5l.3-1.5" },
  crash: { lines: "M3 12.5C6 7 16 4.5 21 6.5c-3 5.5-13 8-18 6zM12.5 10 12 21.5M9 21.5h6M17 14l2 2.5M6 5.5 5 3.5" },
  openhat: { lines: "M3 8.5c3-3 15-3 18 0zM3 14.5c3 2.5 15 2.5 18 0zM12 3v3M12 16.5V21.5M9 21.5h6M12 9v5" },
  perc: { lines: "M12 4 3.5 19H19M20.5 19 15 9M8 14l8-2" },
  synth: { lines: "M3 6h18v12H3zM9 6v7M15 6v7M9 13v5M15 13v5" },
  drum: { lines: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 9v6M9 12h6" },
  bass: { lines: "M3 12c2.5-8 6.5-8 9 0s6.5 8 9 0" },
  fx: { lines: "M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M18 6l-3 3M9 15l-3 3" },
};

/** A control's picture; it says nothing to screen readers, its button does. */
export function glyph(name: ControlName): SVGElement {
  return draw(CONTROLS[name], "cm-glyph");
}

/** The picture of a sound, or of its category where the sound has none of its own. */
export function soundGlyph(sound: Sound | null): SVGElement {
  const drawing =
    SOUND_DRAWINGS[sound?.icon ?? ""] ?? SOUND_DRAWINGS[sound?.category ?? "fx"];
  return draw(drawing ?? {}, "cm-glyph cm-sound-glyph");
}

function draw(drawing: Drawing, className: string): SVGElement {
  const picture = svg("svg", { class: className, viewBox: "0 0 24 24", "aria-hidden": "true" });
  if (drawing.fill !== undefined) {
    picture.append(svg("path", { d: drawing.fill, fill: "currentColor", stroke: "none" }));
  }
  if (drawing.lines !== undefined) picture.append(svg("path", { d: drawing.lines, fill: "none" }));
  return picture;
}

/** Swaps the picture inside a button. */
export function setGlyph(button: HTMLElement, name: ControlName): void {
  if (button.dataset["glyph"] === name) return;
  button.dataset["glyph"] = name;
  button.querySelector("svg")?.replaceWith(glyph(name));
}
