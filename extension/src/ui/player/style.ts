/** How the player looks: the loop's colours, frame and controls, and a wave. */

import { CONTROLS } from "../styles/controls.js";
import { FRAME } from "../styles/frame.js";
import { PANELS } from "../styles/panels.js";
import { TOKENS } from "../styles/tokens.js";

const OWN = `
.cm-player { --cm-wave: color-mix(in srgb, var(--cm-ink) 34%, var(--cm-surface)); padding-bottom: 8px; }
.cm-player .cm-title { flex: 1 1 160px; min-width: 140px; }
.cm-player .cm-player-name {
  padding: 1px 6px; font-size: 17px; font-weight: 650; letter-spacing: -.01em;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.cm-player .cm-listening { min-width: 0; }
.cm-player .cm-clock { display: flex; align-items: baseline; gap: 6px; min-width: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.cm-player .cm-clock-now { font-size: 14px; font-weight: 650; }
.cm-player .cm-clock-of { color: var(--cm-soft); font-size: 12px; }
.cm-player .cm-clock-place { color: var(--cm-soft); font-size: 12px; overflow: hidden; text-overflow: ellipsis; padding-left: 6px; }
.cm-player .cm-fields { gap: 8px 14px; }
.cm-player .cm-segments { max-width: 320px; }
.cm-player .cm-segment { min-width: 0; }
.cm-player .cm-segment span { display: block; min-width: 34px; padding: 0 11px; line-height: 29px; height: 28px; text-align: center; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 150px; }
.cm-player .cm-speed { display: inline-flex; align-items: center; border: 1px solid var(--cm-line); border-radius: 8px; }
.cm-player .cm-speed .cm-quiet { min-width: 26px; height: 28px; padding: 0 5px; border-radius: 7px; }
.cm-player .cm-speed .cm-glyph, .cm-player .cm-zoom .cm-glyph { width: 14px; height: 14px; }
.cm-player .cm-speed .cm-speed-now { min-width: 44px; font-variant-numeric: tabular-nums; font-size: 12.5px; color: var(--cm-ink); }
.cm-player .cm-speed-now[data-changed] { font-weight: 700; color: var(--cm-glow) !important; }
.cm-player .cm-volume-box .cm-quiet { min-width: 28px; padding: 0 4px; }
.cm-player .cm-volume-box .cm-glyph { width: 18px; height: 18px; }
.cm-player .cm-volume { width: 72px; }
.cm-player .cm-wave-stage { margin-top: 10px; user-select: none; -webkit-user-select: none; }
.cm-player .cm-overview {
  position: relative; height: 26px; margin-bottom: 6px; border-radius: 6px; background: var(--cm-wash); cursor: grab; touch-action: none; overflow: clip;
}
.cm-player .cm-overview:active { cursor: grabbing; }
.cm-player .cm-overview canvas { width: 100%; height: 100%; display: block; }
.cm-player .cm-overview-window {
  position: absolute; top: 0; bottom: 0; min-width: 6px; border: 1.5px solid var(--cm-glow); border-radius: 6px;
  background: color-mix(in oklab, var(--cm-accent) 18%, transparent);
}
.cm-player .cm-wave-field { position: relative; border-radius: 10px; background: var(--cm-wash); }
.cm-player .cm-ruler { position: relative; height: 20px; cursor: text; touch-action: none; overflow: clip; border-bottom: 1px solid var(--cm-faint); }
.cm-player .cm-ruler-label {
  position: absolute; top: 0; height: 20px; padding-left: 4px; border-left: 1px solid var(--cm-faint); color: var(--cm-soft);
  font-size: 10.5px; line-height: 20px; font-variant-numeric: tabular-nums; pointer-events: none; white-space: nowrap;
}
.cm-player .cm-flags { position: relative; height: 22px; overflow: clip; }
.cm-player .cm-flag {
  position: absolute; top: 3px; height: 18px; padding: 0 7px 0 5px; border: 0; border-left: 2px solid var(--cm-glow); border-radius: 0 5px 5px 0;
  background: color-mix(in oklab, var(--cm-accent) 16%, var(--cm-surface)); color: var(--cm-ink); font: 600 10.5px/18px var(--cm-font);
  cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.cm-player .cm-flag:hover { background: color-mix(in oklab, var(--cm-accent) 30%, var(--cm-surface)); }
.cm-player .cm-wave-place { position: relative; isolation: isolate; height: 128px; }
.cm-player .cm-wave { position: absolute; inset: 0; cursor: pointer; touch-action: pan-y; border-radius: 0 0 10px 10px; outline-offset: -2px !important; }
.cm-player .cm-wave:focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); }
.cm-player .cm-wave canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.cm-player .cm-wave-head {
  position: absolute; top: 0; bottom: 0; left: var(--cm-at, 0%); width: 2px; margin-left: -1px; border-radius: 1px;
  background: var(--cm-ink); pointer-events: none;
}
.cm-player .cm-wave-head::before {
  content: ""; position: absolute; top: -1px; left: -4px; border: 5px solid transparent; border-top: 7px solid var(--cm-ink); border-bottom: 0;
}
.cm-player .cm-hover { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--cm-edge); pointer-events: none; }
.cm-player .cm-hover-time {
  position: absolute; top: 4px; left: 5px; padding: 1px 5px; border-radius: 5px; background: var(--cm-surface); color: var(--cm-soft);
  box-shadow: 0 1px 3px rgb(0 0 0 / 18%); font: 600 10.5px/1.4 var(--cm-font); font-variant-numeric: tabular-nums; white-space: nowrap;
}
.cm-player .cm-hover[data-left] .cm-hover-time { left: auto; right: 5px; }
.cm-player .cm-region-layer { position: absolute; inset: 0; pointer-events: none; }
.cm-player .cm-region {
  position: absolute; top: 0; bottom: 0; border-radius: 3px; background: color-mix(in oklab, var(--cm-accent) 10%, transparent);
}
.cm-player .cm-region-layer[data-on] .cm-region { background: color-mix(in oklab, var(--cm-accent) 22%, transparent); }
.cm-player .cm-region-end {
  position: absolute; top: 0; bottom: 0; width: 18px; margin-left: -9px; cursor: ew-resize; pointer-events: auto; touch-action: none; border-radius: 4px; z-index: 1;
}
.cm-player .cm-region-end::after { content: ""; position: absolute; top: 0; bottom: 0; left: 8px; width: 2px; background: var(--cm-glow); }
.cm-player .cm-region-name {
  position: absolute; bottom: 4px; left: 1px; width: 16px; height: 16px; border-radius: 5px; z-index: 1; text-align: center;
  background: var(--cm-glow); color: var(--cm-surface); font: 700 10.5px/16px var(--cm-font);
}
.cm-player .cm-region-end[data-end="A"] .cm-region-name { left: 8px; border-radius: 0 5px 5px 0; }
.cm-player .cm-region-end[data-end="B"] .cm-region-name { left: -6px; border-radius: 5px 0 0 5px; }
.cm-player .cm-region-end:focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); }
.cm-player .cm-region-tools, .cm-player .cm-zoom { display: flex; align-items: center; gap: 2px; min-width: 0; }
.cm-player .cm-zoom { margin-left: auto; }
.cm-player .cm-end-button { font-weight: 700; font-size: 12.5px; }
.cm-player .cm-quiet[aria-pressed="true"] { color: var(--cm-glow); background: color-mix(in oklab, var(--cm-accent) 16%, var(--cm-surface)); }
.cm-player .cm-region-words { padding: 0 6px; color: var(--cm-soft); font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.cm-player[data-medium] .cm-wave-place { height: 112px; }
.cm-player[data-narrow] .cm-fields { order: 5; width: 100%; justify-content: space-between; }
.cm-player[data-narrow] .cm-wave-place { height: 96px; }
.cm-player[data-narrow] .cm-zoom [aria-disabled="true"] { display: none; }
.cm-player[data-narrow] .cm-region-words { padding: 0 2px; }
.cm-player[data-narrow] .cm-foot { flex-wrap: nowrap; gap: 2px; }
.cm-player[data-narrow] .cm-segments { max-width: 100%; }
.cm-player[data-narrow] .cm-volume { flex: 1; }
@media (pointer: coarse) {
  .cm-player .cm-speed .cm-quiet, .cm-player .cm-segment span { height: 36px; line-height: 36px; min-width: 36px; }
  .cm-player .cm-region-end { width: 30px; margin-left: -15px; }
  .cm-player .cm-region-end::after { left: 14px; }
  .cm-player .cm-region-end[data-end="A"] .cm-region-name { left: 14px; }
  .cm-player .cm-region-end[data-end="B"] .cm-region-name { left: 0; }
}
@media (forced-colors: active) {
  .cm-player .cm-wave-head, .cm-player .cm-region-end::after { forced-color-adjust: none; background: Highlight; }
  .cm-player .cm-quiet[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;

const SHARED = [TOKENS, FRAME, CONTROLS, PANELS].join("\n").replaceAll(".cm-loop", ".cm-player");
const CSS = SHARED + OWN;
const MARK = "data-cm-player-style";

/** Gives the page, or a shadow root, the player's style once. */
export function adoptPlayerStyle(root: HTMLElement): void {
  const tree = root.getRootNode();
  const home = tree instanceof ShadowRoot ? tree : root.ownerDocument.head;
  const present = home.querySelector(`style[${MARK}]`);
  if (present !== null && present.textContent === CSS) return;
  const style = root.ownerDocument.createElement("style");
  style.setAttribute(MARK, "");
  style.textContent = CSS;
  if (present === null) home.append(style);
  else present.replaceWith(style);
}
