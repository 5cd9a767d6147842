/** Two revisions side by side: by ear, A and B in turn at the same place, and in text. */

import { h, setAttribute, setText } from "../dom.js";
import type { Hearing } from "./hearing.js";
import type { PastPlace } from "./history.js";
import { createProblem, metersOf, pictureButton, wordButton, goTo, type RoomScene } from "./room_scene.js";

export interface Compare {
  readonly element: HTMLElement;
  /** Compares a revision with the song as it is now. */
  open(place: PastPlace): void;
}

export function createCompare(scene: RoomScene, hearing: Hearing): Compare {
  const title = h("h4", { tabindex: -1 }, "Compare");
  const problem = createProblem();
  const summary = h("p", {});
  const changes = h("ul", { class: "cm-list cm-changes" });
  const sides = { A: side("A"), B: side("B") };
  const names = h("p", { class: "cm-soft" });
  let pair: Readonly<Record<"A" | "B", PastPlace>> | null = null;
  function side(name: "A" | "B"): HTMLButtonElement {
    const button = wordButton(name, () => (pair === null ? undefined : hearing.swap(pair[name])), scene.signal, "cm-word cm-side");
    button.title = `Hear ${name} from the same place on`;
    return button;
  }
  const close = pictureButton("close", "Stop comparing", () => {
    element.hidden = true;
    hearing.stop();
  }, scene.signal);
  const element = h("section", { class: "cm-card", "aria-label": "Compare" },
    h("div", { class: "cm-section-head" }, title, close),
    h("div", { class: "cm-in-row" }, sides.A, sides.B, names), problem.element, summary, changes);
  element.hidden = true;
  const show = (): void => {
    for (const name of ["A", "B"] as const) {
      setAttribute(sides[name], "aria-pressed", String(pair !== null && hearing.isPlaying(pair[name])));
      sides[name].hidden = scene.music === null;
    }
  };
  hearing.onChange(show);
  const load = async (): Promise<void> => {
    if (pair === null) return;
    const found = await scene.api.compare(pair.A.seq ?? 0, pair.B.seq);
    setText(summary, found.words);
    summary.hidden = found.changes.length > 0;
    changes.replaceChildren(...found.changes.map(({ where, text, bars }) => {
      const line = h("li", {}, h("strong", {}, where), ": ", text.startsWith(`${where}: `) ? text.slice(where.length + 2) : text);
      const [bar] = bars;
      if (bar !== undefined) {
        const tick = metersOf(scene).tickOf(Math.max(1, bar));
        line.append(" ", wordButton(`bar ${bar}`, () => goTo(scene, tick), scene.signal, "cm-bar-link"));
      }
      return line;
    }));
  };
  return {
    element,
    open(place: PastPlace): void {
      pair = { A: place, B: { seq: null, words: "the song as it is now" } };
      setText(names, `A: ${place.words} \u00b7 B: as it is now`);
      setText(summary, "");
      changes.replaceChildren();
      element.hidden = false;
      element.scrollIntoView({ block: "nearest" });
      title.focus({ preventScroll: true });
      show();
      void problem.watch(load());
    },
  };
}
