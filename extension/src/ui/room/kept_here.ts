/** The choice whether this browser keeps songs, so that they can be edited without the room. */

import { KEPT_SONGS, keepsSongs, setKeepsSongs } from "../../core/kept_here.js";
import { h, on, setText } from "../dom.js";
import type { RoomScene } from "./room_scene.js";

const KEEPS = "Edits and lines of chat that wait, and drafts, outlive a reload.";
const KEEPS_NOT = "Nothing stays here. What waits is lost with the page.";

/** Null where a page may not look at its browser's settings. */
export function createKeptHere(scene: RoomScene): HTMLElement | null {
  const settings = settingsOfBrowser();
  if (settings === null) return null;
  const box = h("input", { type: "checkbox" });
  const said = h("p", { class: "cm-soft" });
  const show = (): void => {
    box.checked = keepsSongs(settings);
    setText(said, box.checked ? KEEPS : KEEPS_NOT);
  };
  on(box, "change", () => {
    setKeepsSongs(settings, box.checked);
    // Whoever has the database open lets go of it when it is to be deleted.
    if (!box.checked) indexedDB.deleteDatabase(KEPT_SONGS);
    show();
  }, scene.signal);
  show();
  return h("div", {}, h("label", { class: "cm-keeping" }, box, "Keep my songs in this browser"), said);
}

function settingsOfBrowser(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
