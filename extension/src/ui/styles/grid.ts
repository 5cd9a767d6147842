/** The stage, the rows, the cells and the playhead. */

export const GRID = `
.cm-loop .cm-stage {
  position: relative; overflow-x: auto; overflow-y: clip; overscroll-behavior-x: contain;
  scroll-padding-left: var(--cm-head); scrollbar-width: thin; padding-top: 2px; padding-bottom: 4px;
}
.cm-loop .cm-canvas { position: relative; width: calc(var(--cm-head) + var(--cm-cell) * var(--cm-cells)); min-width: 100%; isolation: isolate; }
.cm-loop .cm-ruler { position: relative; height: 16px; color: var(--cm-soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-ruler-head { position: sticky; left: 0; z-index: 4; display: block; width: var(--cm-head); height: 16px; background: var(--cm-surface); }
.cm-loop .cm-ruler-bar {
  position: absolute; top: 0; left: calc(var(--cm-head) + var(--cm-start) * var(--cm-bar) * var(--cm-cell) + 2px); line-height: 16px;
}
.cm-loop .cm-grid { position: relative; }
.cm-loop .cm-row { display: flex; height: var(--cm-row); }
.cm-loop .cm-head {
  position: sticky; left: 0; z-index: 4; width: var(--cm-head); flex: none; display: flex; align-items: center; gap: 4px;
  padding-right: 10px; background: var(--cm-surface); box-shadow: -3px 0 0 var(--cm-surface);
}
.cm-loop .cm-open {
  flex: 1; min-width: 0; display: flex; align-items: center; gap: 7px; height: 28px; padding: 0 4px; border: 0;
  border-radius: 8px; background: none; color: var(--cm-ink); cursor: pointer; text-align: left; font-size: 12.5px;
}
.cm-loop .cm-open:hover, .cm-loop .cm-open[aria-expanded="true"] { background: color-mix(in oklab, var(--cm-tone) 12%, transparent); }
.cm-loop .cm-picture {
  display: grid; place-items: center; width: 26px; height: 26px; flex: none; border-radius: 8px; color: var(--cm-tone);
  background: color-mix(in oklab, var(--cm-tone) 14%, var(--cm-surface));
}
.cm-loop .cm-row-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.cm-loop .cm-row:not([data-used]) .cm-row-name { color: var(--cm-soft); }
.cm-loop .cm-row:not([data-used]) :is(.cm-mute, .cm-solo, .cm-level):not([aria-pressed="true"], :hover, :focus-visible) { opacity: .5; }
.cm-loop .cm-row:not([data-used]) .cm-picture { background: var(--cm-pad); opacity: .8; }
.cm-loop .cm-mute, .cm-loop .cm-solo {
  width: 22px; height: 22px; flex: none; padding: 0; border: 1px solid var(--cm-line); border-radius: 6px; background: none;
  color: var(--cm-soft); cursor: pointer; font-size: 10.5px; font-weight: 700;
}
.cm-loop .cm-mute:hover, .cm-loop .cm-solo:hover { border-color: var(--cm-edge); color: var(--cm-ink); }
.cm-loop .cm-mute[aria-pressed="true"] { background: light-dark(#b3261e, #ff8f87); border-color: transparent; color: light-dark(#fff, #2b0b09); }
.cm-loop .cm-solo[aria-pressed="true"] { background: light-dark(#f2b200, #ffd257); border-color: transparent; color: #2a2000; }
.cm-loop .cm-level { width: 44px; --cm-fill: var(--cm-tone); }
.cm-loop .cm-level::-webkit-slider-thumb { width: 10px; height: 10px; margin-top: -3px; }
.cm-loop .cm-cells { display: grid; grid-template-columns: repeat(var(--cm-cells), var(--cm-cell)); flex: none; }
.cm-loop .cm-slot { display: contents; }
.cm-loop .cm-cell {
  position: relative; min-width: 0; padding: 0; border: 0; background: none; cursor: pointer;
  touch-action: pan-y; -webkit-tap-highlight-color: transparent;
}
.cm-loop .cm-cell::before {
  content: ""; position: absolute; inset: 2px 1px; border-radius: min(5px, calc(var(--cm-cell) * .28)); background: var(--cm-pad);
  transition: background-color .12s, box-shadow .12s;
}
.cm-loop .cm-cell.cm-strong::before { background: var(--cm-pad-strong); }
.cm-loop .cm-cell.cm-on-bar:not([data-cell="0"])::after {
  content: ""; position: absolute; left: -.5px; top: 0; bottom: 0; width: 1px; background: var(--cm-edge); opacity: .55;
}
.cm-loop .cm-cell:hover::before { box-shadow: inset 0 0 0 1.5px color-mix(in oklab, var(--cm-tone) 65%, transparent); }
.cm-loop .cm-cell[aria-pressed="true"] { touch-action: none; z-index: 3; }
.cm-loop .cm-cell[aria-pressed="true"]::before {
  background: linear-gradient(to top, var(--cm-step) calc(var(--cm-v) * 100%), color-mix(in oklab, var(--cm-step) 30%, var(--cm-surface)) 0);
  box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--cm-step) 80%, transparent);
}
.cm-loop .cm-tie {
  position: absolute; left: calc(100% - 1px); top: 50%; height: 6px; margin-top: -3px; width: calc(var(--cm-held) * var(--cm-cell));
  border-radius: 0 3px 3px 0; background: color-mix(in oklab, var(--cm-step) 55%, var(--cm-surface)); pointer-events: none;
}
.cm-loop .cm-cell[data-chance]::before { opacity: .7; }
.cm-loop .cm-cell[data-note]::after {
  content: ""; position: absolute; left: 50%; top: 6px; width: 4px; height: 4px; margin-left: -2px; border-radius: 50%; background: var(--cm-surface);
}
.cm-loop .cm-row { --cm-step: var(--cm-tone); }
.cm-loop .cm-row[data-quiet] { --cm-step: color-mix(in oklab, var(--cm-tone) 22%, color-mix(in srgb, var(--cm-ink) 34%, var(--cm-surface))); }
.cm-loop .cm-row[data-quiet] .cm-picture { filter: grayscale(1); opacity: .55; }
.cm-loop .cm-cell:focus-visible { outline: none; z-index: 3; }
.cm-loop .cm-cell:focus-visible::before {
  outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); outline-offset: 1px;
  box-shadow: 0 0 0 4px color-mix(in srgb, var(--jp-brand-color1, #1565c0) 25%, transparent);
}
.cm-loop[data-locked] .cm-cell { cursor: default; }
.cm-loop .cm-bubble {
  position: absolute; z-index: 6; transform: translate(-50%, calc(-100% - 4px)); padding: 2px 7px; border-radius: 7px;
  background: var(--cm-ink); color: var(--cm-surface); font-size: 11px; font-weight: 650; font-variant-numeric: tabular-nums; pointer-events: none;
}
.cm-loop .cm-playhead {
  position: absolute; z-index: 2; top: 16px; bottom: 0; left: var(--cm-head); width: 0; pointer-events: none; --cm-at: 0;
}
.cm-loop .cm-playhead::before {
  content: ""; position: absolute; top: 0; bottom: 0; left: 0; width: var(--cm-cell); border-radius: 6px;
  transform: translateX(calc(var(--cm-cell-now, 0) * var(--cm-cell)));
  background: color-mix(in oklab, var(--cm-accent) 16%, transparent);
}
.cm-loop .cm-playhead-line {
  position: absolute; top: 0; bottom: 0; left: -1px; width: 2px; border-radius: 1px; background: var(--cm-glow);
  transform: translateX(calc(var(--cm-at) * var(--cm-cell))); will-change: transform;
  box-shadow: 0 0 10px 1px color-mix(in oklab, var(--cm-accent) 65%, transparent);
}
.cm-loop .cm-playhead-line::before {
  content: ""; position: absolute; right: 1px; top: 0; bottom: 0; width: min(64px, calc(var(--cm-cell) * 3)); background:
    linear-gradient(to left, color-mix(in oklab, var(--cm-accent) 22%, transparent), transparent);
}
.cm-loop .cm-playhead-line::after {
  content: ""; position: absolute; top: -3px; left: -3px; width: 8px; height: 8px; border-radius: 50%; background: var(--cm-glow);
}
.cm-loop .cm-add-sound {
  display: inline-flex; align-items: center; gap: 6px; height: 30px; padding: 0 12px 0 8px; border: 1px dashed var(--cm-edge);
  border-radius: 15px; background: none; color: var(--cm-soft); cursor: pointer; font-size: 12.5px;
}
.cm-loop .cm-add-sound:hover { color: var(--cm-ink); border-style: solid; background: var(--cm-pad); }
.cm-loop[data-locked] .cm-add-sound { display: none; }
.cm-loop[data-narrow] { --cm-row: 40px; }
.cm-loop[data-narrow] :is(.cm-mute, .cm-solo, .cm-level) { display: none; }
.cm-loop[data-narrow] .cm-head { padding-right: 4px; }
.cm-loop[data-narrow] .cm-open { flex-direction: column; justify-content: center; gap: 0; height: 38px; padding: 0; font-size: 9.5px; line-height: 1.1; }
.cm-loop[data-narrow] .cm-row-name { max-width: 48px; }
.cm-loop[data-narrow] .cm-head::after {
  content: ""; position: absolute; right: -8px; top: 0; bottom: 0; width: 8px; pointer-events: none;
}
.cm-loop[data-narrow] .cm-cell::before { inset: 2px 1.5px; border-radius: 7px; }
@media (forced-colors: active) {
  .cm-loop .cm-cell::before { border: 1px solid GrayText; forced-color-adjust: none; background: Canvas; }
  .cm-loop .cm-cell.cm-strong::before { border-color: CanvasText; background: Canvas; }
  .cm-loop .cm-cell[aria-pressed="true"]::before { border-color: Highlight; background: linear-gradient(to top, Highlight calc(var(--cm-v) * 100%), Canvas 0); }
  .cm-loop .cm-cell:focus-visible::before { outline: 3px solid Highlight; }
  .cm-loop .cm-mute[aria-pressed="true"], .cm-loop .cm-solo[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .cm-loop .cm-playhead-line { forced-color-adjust: none; background: Highlight; }
}
`;
