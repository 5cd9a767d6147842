/** Where others write: a ring about their field, and a caret in it. */

import { h, on } from "../dom.js";
import { boxWithin, createCursors, type Box } from "./cursors.js";
import type { RoomScene } from "./room_scene.js";

/** Shows others' carets in the text fields of a view, and tells them of one's own; `of` is the view's place. */
export function followTexts(scene: RoomScene, of: string): void {
  const { root, room, signal } = scene;
  const fields = (): readonly HTMLInputElement[] => [...root.querySelectorAll<HTMLInputElement>("input[type=text][aria-label]")];
  const prefix = `text:${word(of)}.`;
  const placeOf = (input: HTMLInputElement): string => `${prefix}${word(input.ariaLabel ?? "")}`;
  const find = (place: string): HTMLInputElement | undefined => fields().find((input) => placeOf(input) === place && input.checkVisibility());
  const carets = createCursors(scene, {
    host: root,
    shape: "caret",
    isHere: (place) => place.startsWith(prefix),
    boxOf(cursor, place): Box | null {
      const input = find(place);
      return cursor.kind !== "text" || input === undefined ? null : caretBox(input, root, cursor.b);
    },
  });
  globalThis.addEventListener("resize", () => carets.place(), { passive: true, signal });
  const tell = (input: HTMLInputElement): void => {
    room.setPlace(placeOf(input));
    room.point({ kind: "text", a: input.selectionStart ?? 0, b: input.selectionEnd ?? 0 });
  };
  for (const type of ["focusin", "keyup", "pointerup", "input"] as const) {
    on(root, type, (event) => {
      const { target } = event;
      if (target instanceof HTMLInputElement && target.type === "text" && !target.readOnly && target.closest(".cm-room") === null) tell(target);
    }, signal);
  }
  on(root, "focusout", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== "text") return;
    room.point(null);
    room.setPlace(of);
  }, signal);
}

/** A name as a place may have it: letters, digits, points and dashes. */
function word(text: string): string {
  return text.replace(/[^\w.-]+/gu, "-").slice(0, 60);
}

let measure: CanvasRenderingContext2D | null = null;

/** The caret behind so many letters of a field. */
function caretBox(input: HTMLInputElement, root: HTMLElement, letters: number): Box {
  const box = boxWithin(input, root);
  const style = getComputedStyle(input);
  measure ??= h("canvas").getContext("2d");
  if (measure === null) return box;
  measure.font = style.font;
  const width = measure.measureText(input.value.slice(0, letters)).width;
  const left = box.left + Number.parseFloat(style.paddingLeft) + Math.min(width, box.width) - input.scrollLeft;
  return { left, top: box.top + 2, width: 2, height: box.height - 4 };
}
