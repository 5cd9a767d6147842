/** Keys pressed within a view: which are the view's, and which the notebook's around it. */

import { on, setAttribute } from "./dom.js";

/**
 * Gives `act` the keys that no control within the view has used. A plain key never reaches the
 * notebook, where it would cut or add cells; a chord with Ctrl or Cmd, such as saving, does, but
 * for undo, redo and those in `chords`.
 */
export function guardKeys(
  view: { readonly root: HTMLElement; readonly signal: AbortSignal },
  act: (event: KeyboardEvent) => void,
  chords: readonly string[] = [],
): void {
  const { root, signal } = view;
  const own = new Set(["z", "y", ...chords]);
  const isForTheNotebook = (event: KeyboardEvent): boolean =>
    (event.ctrlKey || event.metaKey) && !own.has(event.key.toLowerCase());
  // JupyterLab listens before us, and asks for this mark.
  globalThis.addEventListener("keydown", (event) => {
    if (event.target instanceof Node && root.contains(event.target)) {
      setAttribute(root, "data-lm-suppress-shortcuts", isForTheNotebook(event) ? null : "true");
    }
  }, { capture: true, signal });
  on(root, "keydown", (event) => {
    if (isForTheNotebook(event)) return;
    event.stopPropagation();
    if (!event.defaultPrevented && !isTyping(event.target)) act(event);
  }, signal);
  for (const type of ["keyup", "keypress"] as const) {
    on(root, type, (event) => event.stopPropagation(), signal);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && ["text", "number"].includes(target.type);
}

/** Whether letters and signs pressed there are its own: a list, a field. */
export function takesLetters(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}

/** Whether a key pressed there is a control's own. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, select, summary, a") !== null;
}
