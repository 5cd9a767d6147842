/** The song's header, tools, pads and panels. */

export const SONG_FRAME = `
.cm-song { max-width: 1640px; padding-bottom: 12px; }
.cm-song .cm-timeline { --cm-head-room: 208px; }
.cm-song .cm-song-header { gap: 8px 20px; }
.cm-song .cm-transport { display: flex; align-items: center; gap: 8px; }
.cm-song .cm-place {
  display: flex; flex-direction: column; align-items: flex-end; min-width: 78px; padding: 3px 10px; border-radius: 9px;
  background: var(--cm-wash); font-variant-numeric: tabular-nums;
}
.cm-song .cm-place-bars { font-size: 18px; font-weight: 680; line-height: 1.15; letter-spacing: -.01em; }
.cm-song .cm-place-time { color: var(--cm-soft); font-size: 11px; line-height: 1.25; }
.cm-song .cm-modes { display: flex; align-items: center; gap: 2px; }
.cm-song .cm-toggle[aria-pressed="true"], .cm-song .cm-toggle[data-on] {
  color: var(--cm-ink); background: color-mix(in oklab, var(--cm-accent) 24%, var(--cm-surface));
  box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--cm-accent) 55%, transparent);
}
.cm-song .cm-count { min-width: 40px; font-variant-numeric: tabular-nums; }
.cm-song .cm-song-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin: 10px 0 8px; }
.cm-song .cm-tool-group { display: flex; align-items: center; gap: 3px; }
.cm-song .cm-zoom-tools { margin-left: auto; }
.cm-song .cm-zoom-tools .cm-field { margin-right: 6px; }
.cm-song .cm-add { color: var(--cm-ink); padding-right: 10px; border: 1px dashed var(--cm-edge); }
.cm-song[data-locked] .cm-edit-tools { display: none; }
.cm-song .cm-pads { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 6px; margin: 0 0 10px; }
.cm-song[data-size="wide"] .cm-pads { grid-template-columns: repeat(16, minmax(0, 1fr)); gap: 5px; }
.cm-song .cm-pad-box { position: relative; min-width: 0; }
.cm-song .cm-pad {
  position: relative; display: block; width: 100%; height: 54px; padding: 0; overflow: hidden; text-align: left; cursor: pointer;
  border: 1px solid color-mix(in oklab, var(--cm-tone) 50%, var(--cm-surface)); border-radius: 9px; color: var(--cm-ink);
  background: linear-gradient(color-mix(in oklab, var(--cm-tone) 30%, var(--cm-surface)), color-mix(in oklab, var(--cm-tone) 16%, var(--cm-surface)));
  touch-action: pan-y; user-select: none; -webkit-user-select: none; transition: transform .1s, box-shadow .15s;
}
.cm-song .cm-pad:hover { box-shadow: 0 2px 8px color-mix(in oklab, var(--cm-tone) 35%, transparent); }
.cm-song .cm-pad:active { transform: scale(.975); }
.cm-song .cm-pad[aria-pressed="true"] {
  border-color: var(--cm-tone); box-shadow: 0 0 0 2px var(--cm-tone), 0 0 16px color-mix(in oklab, var(--cm-tone) 55%, transparent);
}
.cm-song .cm-pad[aria-pressed="true"]::after {
  content: ""; position: absolute; right: 7px; top: 8px; width: 9px; height: 9px; border-radius: 2px; background: var(--cm-ink);
}
.cm-song .cm-pad-box[data-empty] .cm-pad { border: 1px dashed var(--cm-line); background: var(--cm-wash); cursor: default; box-shadow: none; transform: none; }
.cm-song .cm-pad-picture { position: absolute; left: 6px; right: 6px; top: 6px; width: calc(100% - 12px); height: 22px; }
.cm-song .cm-pad-number { position: absolute; right: 6px; bottom: 6px; color: var(--cm-soft); font-size: 9.5px; font-weight: 650; font-variant-numeric: tabular-nums; }
.cm-song .cm-pad-box[data-empty] .cm-pad-number { left: 0; right: 0; bottom: 0; top: 0; display: grid; place-items: center; }
.cm-song .cm-pad-name { position: absolute; left: 7px; right: 17px; bottom: 3px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 11.5px; font-weight: 620; }
.cm-song .cm-pad-more {
  position: absolute; right: 2px; top: 2px; width: 24px; height: 22px; display: grid; place-items: center; padding: 0; border: 0; border-radius: 7px;
  background: color-mix(in oklab, var(--cm-surface) 80%, transparent); color: var(--cm-ink); cursor: pointer; opacity: 0; transition: opacity .12s;
}
.cm-song .cm-pad-more .cm-glyph { width: 14px; height: 14px; }
.cm-song .cm-pad-box:hover .cm-pad-more, .cm-song .cm-pad-more:focus-visible, .cm-song .cm-pad:focus-visible + .cm-pad-more { opacity: 1; }
.cm-song .cm-pad-ghost {
  position: fixed; left: 0; top: 0; z-index: 20; pointer-events: none; padding: 4px 10px; border-radius: 8px; font-size: 12px; font-weight: 650;
  color: var(--cm-ink); background: color-mix(in oklab, var(--cm-tone) 40%, var(--cm-surface)); border: 1px solid var(--cm-tone); box-shadow: 0 8px 22px rgb(0 0 0 / 28%);
}
.cm-song .cm-inspector { width: 330px; }
.cm-song .cm-menu { width: 220px; }
.cm-song .cm-inspector:has(.cm-stem-sounds) { width: 620px; max-width: min(620px, calc(100vw - 12px)); }
.cm-song .cm-stem-sounds { width: auto; margin-top: 6px; }
.cm-song .cm-panel .cm-action { display: flex; width: 100%; justify-content: flex-start; gap: 9px; height: 34px; color: var(--cm-ink); font-size: 13px; }
.cm-song .cm-panel-field { display: flex; align-items: center; gap: 8px; min-height: 36px; }
.cm-song .cm-panel-field .cm-field-name { flex: 0 0 76px; }
.cm-song .cm-panel-field .cm-action { width: auto; }
.cm-song .cm-panel-field .cm-text { flex: 1; width: auto; min-width: 0; height: 32px; font-size: 14px !important; font-weight: 500; }
.cm-song .cm-panel-field .cm-select { flex: 1; max-width: none; height: 32px; }
.cm-song .cm-panel-field .cm-number { width: 92px; height: 32px; }
.cm-song .cm-panel .cm-check { min-height: 34px; }
.cm-song .cm-swatches { display: grid; grid-template-columns: repeat(6, 1fr); gap: 6px; margin: 8px 0; }
.cm-song .cm-swatch { height: 28px; border: 2px solid transparent; border-radius: 8px; background: var(--cm-tone); background-clip: padding-box; cursor: pointer; }
.cm-song .cm-swatch:hover { transform: scale(1.06); }
.cm-song .cm-swatch[aria-pressed="true"] { border-color: var(--cm-ink); }
.cm-song .cm-swatch[aria-pressed="true"]::after { content: "\\2713"; color: #14161b; font-weight: 800; text-shadow: 0 0 3px #fff; }
.cm-song .cm-parameters .cm-knob { grid-template-columns: 92px 1fr 66px; height: 30px; }
.cm-song .cm-parameters .cm-knob .cm-select { grid-column: 2 / 4; max-width: none; width: 100%; }
.cm-song .cm-pane { margin-top: 12px; }
.cm-song .cm-pane-head { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 0 4px; }
.cm-song .cm-pane-title { margin: 0; font: 600 12.5px/1.3 var(--cm-font); color: var(--cm-soft); }
.cm-song .cm-pane .cm-loop { max-width: none; }
.cm-song[data-size="wide"] .cm-pad-box:not([data-empty]) .cm-pad-number { display: none; }
.cm-song[data-size="wide"] .cm-pad-name { right: 5px; }
.cm-song[data-size="medium"] .cm-song-header { gap: 8px 14px; }
.cm-song[data-size="medium"] .cm-song-header > .cm-fields { order: 5; width: 100%; gap: 8px 18px; }
.cm-song[data-size="narrow"] { padding: 10px 8px 8px; border-radius: 12px; }
.cm-song[data-size="narrow"] .cm-song-header { gap: 8px 10px; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-title { flex: 1 1 100%; order: 1; min-width: 0; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-transport { order: 0; flex: 1; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-buttons { order: 0; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-fields { display: contents; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-fields > .cm-field { order: 2; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-fields > .cm-field:nth-child(2) { margin-left: auto; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-fields > .cm-field:nth-child(3) { order: 3; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-fields > .cm-field:nth-child(3) .cm-select + .cm-select { max-width: 92px; }
.cm-song[data-size="narrow"] .cm-song-header > .cm-modes { order: 4; margin-left: auto; gap: 0; }
.cm-song[data-size="narrow"] .cm-song-header .cm-meter { flex: 1; }
.cm-song[data-small] .cm-pads { grid-template-columns: repeat(4, minmax(0, 1fr)); }
.cm-song[data-size="narrow"] .cm-pad { height: 64px; }
.cm-song[data-size="narrow"] .cm-pad-more { opacity: 1; width: 30px; height: 28px; background: none; }
.cm-song[data-size="narrow"] .cm-pad-picture { right: 30px; width: calc(100% - 36px); }
.cm-song[data-size="narrow"] .cm-song-tools .cm-field-name, .cm-song[data-size="narrow"] .cm-tool-word { display: none; }
.cm-song[data-size="narrow"] .cm-song-tools { gap: 6px 4px; }
.cm-song[data-size="narrow"] .cm-zoom-tools { margin-left: 0; flex: 1; justify-content: flex-end; }
.cm-song[data-size="narrow"] .cm-foot { padding: 0 4px; }
.cm-song[data-size="narrow"] :is(.cm-song-header, .cm-song-tools) :is(.cm-quiet, .cm-number, .cm-select), .cm-song[data-size="narrow"] .cm-panel :is(.cm-action, .cm-swatch) { min-height: 44px; }
.cm-song[data-size="narrow"] :is(.cm-song-header, .cm-song-tools) .cm-quiet { min-width: 44px; }
/* A view between two sidebars, and a mouse: what is small is hit as well. */
@media (pointer: fine) and (width >= 700px) {
  .cm-song[data-size="narrow"] :is(.cm-song-header, .cm-song-tools) :is(.cm-quiet, .cm-number, .cm-select) { min-width: 32px; min-height: 32px; }
}
@media (pointer: coarse) {
  .cm-song .cm-pad-more { opacity: 1; width: 30px; height: 28px; background: none; }
}
@media (forced-colors: active) {
  .cm-song .cm-toggle[aria-pressed="true"], .cm-song .cm-toggle[data-on] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .cm-song .cm-swatch { forced-color-adjust: none; }
  .cm-song .cm-pad[aria-pressed="true"] { outline: 3px solid Highlight; }
}
`;
