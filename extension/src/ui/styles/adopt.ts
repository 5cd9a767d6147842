/** Gives a page, or a shadow root, the view's style once, however many loops it shows. */

import { CHORDS } from "./chords.js";
import { CONTROLS } from "./controls.js";
import { DRAWER } from "./drawer.js";
import { FRAME } from "./frame.js";
import { GRID } from "./grid.js";
import { PANELS } from "./panels.js";
import { ROOM } from "./room.js";
import { ROOM_PANEL } from "./room_panel.js";
import { SONG_FRAME } from "./song_frame.js";
import { SONG_MIXER } from "./song_mixer.js";
import { SONG_TIMELINE } from "./song_timeline.js";
import { TOKENS } from "./tokens.js";

/** The styles of all views. */
export const CSS = [TOKENS, FRAME, CONTROLS, CHORDS, GRID, DRAWER, PANELS, SONG_FRAME, SONG_TIMELINE, SONG_MIXER, ROOM, ROOM_PANEL].join("\n");
const MARK = "data-cm-loop-style";

/** A style element marked as ours; a second bundle on the page finds it and adds none. */
export function adoptStyles(root: HTMLElement): void {
  const tree = root.getRootNode();
  // A page whose policy takes no style elements has given itself the style.
  if (tree === root.ownerDocument && root.ownerDocument.documentElement.dataset["cmStyled"] !== undefined) return;
  const home = tree instanceof ShadowRoot ? tree : root.ownerDocument.head;
  const present = home.querySelector(`style[${MARK}]`);
  if (present !== null && present.textContent === CSS) return;
  const style = root.ownerDocument.createElement("style");
  style.setAttribute(MARK, "");
  style.textContent = CSS;
  if (present === null) home.append(style);
  else present.replaceWith(style);
}
