/** The ruler over the wave: bars where they are known, times where they are not; and the markers. */

import { h, on } from "../dom.js";
import type { PlayerPart, PlayerScene } from "./player_scene.js";
import { barStep, shareOf, timeStep, type Viewport } from "./viewport.js";
import { clock } from "./words.js";

/** Pixels that a label of the ruler has to itself. */
const BAR_GAP = 46;
const TIME_GAP = 68;

interface Label {
  readonly at: number;
  readonly text: string;
}

export interface Ruler extends PlayerPart {
  show(view: Viewport, width: number): void;
}

export function createRuler(scene: PlayerScene): Ruler {
  const element = h("div", { class: "cm-ruler", "aria-hidden": "true" });
  return {
    element,
    update: () => undefined,
    show(view, width): void {
      const labels = scene.deck.bars.length > 1 ? barLabels(scene.deck.bars, view, width) : timeLabels(view, width);
      element.replaceChildren(...labels.map(({ at, text }) => {
        const label = h("span", { class: "cm-ruler-label" }, text);
        label.style.left = `${shareOf(view, at) * 100}%`;
        return label;
      }));
    },
  };
}

function barLabels(bars: readonly number[], view: Viewport, width: number): Label[] {
  const step = barStep(bars, view, width, BAR_GAP);
  return bars
    .map((at, bar) => ({ at, text: String(bar + 1), bar }))
    .filter(({ at, bar }) => bar % step === 0 && isSeen(at, view));
}

function timeLabels(view: Viewport, width: number): Label[] {
  const step = timeStep(view, width, TIME_GAP);
  const decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const first = Math.ceil(view.from / step - 1e-9);
  const last = Math.floor((view.from + view.span) / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => {
    const seconds = (first + at) * step;
    return { at: seconds, text: clock(seconds + 1e-6, decimals) };
  }).filter(({ at }) => isSeen(at, view));
}

/** A label at the very end would stand outside. */
function isSeen(at: number, view: Viewport): boolean {
  return at >= view.from - 1e-6 && at < view.from + view.span * 0.985;
}

/** The markers' flags; a click goes there. */
export function createFlags(scene: PlayerScene): Ruler {
  const element = h("div", { class: "cm-flags" });
  element.hidden = scene.deck.marks.length === 0;
  const flags = scene.deck.marks.map(([at, name]) => {
    const flag = h("button", { class: "cm-flag", type: "button", tabindex: "-1", title: `${name}, ${clock(at)}` }, name);
    on(flag, "click", () => {
      scene.deck.seek(at);
      scene.announce(name);
    }, scene.signal);
    return { at, flag };
  });
  element.append(...flags.map(({ flag }) => flag));
  return {
    element,
    update: () => undefined,
    show(view): void {
      flags.forEach(({ at, flag }, index) => {
        const share = shareOf(view, at);
        const next = shareOf(view, flags[index + 1]?.at ?? view.from + view.span);
        flag.hidden = share < -1e-6 || share > 0.995;
        flag.style.left = `${share * 100}%`;
        flag.style.maxWidth = `${Math.max(Math.min(next, 1) - share, 0) * 100}%`;
      });
    },
  };
}
