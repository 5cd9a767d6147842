/** One panel that shows the fields of what was opened: a section, a stem, an effect, a pad. */

import { h } from "../dom.js";
import { createPanel } from "../popover.js";
import type { SongScene } from "./song_scene.js";

export interface Inspector {
  readonly element: HTMLElement;
  /** Opens beside an element; `fill` gives the fields, whose listeners end with the signal. */
  open(anchor: HTMLElement, title: string, fill: (signal: AbortSignal, close: () => void) => Filling): void;
  close(): void;
  /** Shows what a newer revision says, where the fields can. */
  update(): void;
}

export interface Filling {
  readonly fields: readonly HTMLElement[];
  readonly update?: () => void;
}

export function createInspector(scene: SongScene): Inspector {
  const panel = createPanel("Settings", "cm-inspector", scene.signal);
  let ending = new AbortController();
  let update: (() => void) | undefined;
  const close = (): void => panel.close();
  scene.signal.addEventListener("abort", () => ending.abort());
  return {
    element: panel.element,
    open(anchor, title, fill): void {
      ending.abort();
      ending = new AbortController();
      const filling = fill(ending.signal, close);
      update = filling.update;
      panel.element.setAttribute("aria-label", title);
      panel.element.replaceChildren(h("h3", { class: "cm-panel-title" }, title), ...filling.fields);
      update?.();
      panel.open(anchor);
    },
    close,
    update(): void {
      if (panel.isOpen) update?.();
    },
  };
}
