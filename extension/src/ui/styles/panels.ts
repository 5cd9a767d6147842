/** Panels of the top layer: the chord editor, the sound picker, the keys. */

export const PANELS = `
.cm-loop .cm-panel {
  position: fixed; inset: auto; margin: 0; padding: 14px 16px; max-width: min(460px, calc(100vw - 12px));
  max-height: calc(100vh - 12px); overflow: auto; border: 1px solid var(--cm-line); border-radius: 14px;
  background: var(--cm-surface); color: var(--cm-ink); box-shadow: 0 12px 40px rgb(0 0 0 / 24%);
}
.cm-loop .cm-panel:popover-open { animation: cm-rise .14s ease-out; }
@keyframes cm-rise { from { opacity: 0; transform: translateY(4px) scale(.985); } }
.cm-loop .cm-panel:focus { outline: none; }
.cm-loop .cm-panel-title { margin: 0 0 8px; font: 650 13px/1.3 var(--cm-font); color: var(--cm-ink); }
.cm-loop .cm-sound-picker .cm-panel-title:not(:first-child) { margin-top: 12px; }
.cm-loop .cm-panel-actions { display: flex; align-items: center; gap: 6px; margin-top: 12px; }
.cm-loop .cm-panel-actions .cm-primary { margin-left: auto; height: 32px; }
.cm-loop .cm-chord-editor { width: 420px; }
.cm-loop .cm-chord-typed { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
.cm-loop .cm-chord-text { width: 130px; height: 36px; font-size: 18px !important; font-weight: 650; }
.cm-loop .cm-chord-text[aria-invalid] { border-color: var(--cm-error); }
.cm-loop .cm-chord-reads { flex: 1 1 160px; color: var(--cm-soft); font-size: 12.5px; }
.cm-loop .cm-choices { display: flex; flex-wrap: wrap; gap: 4px; margin-top: 10px; }
.cm-loop .cm-choice {
  min-width: 32px; height: 32px; padding: 0 8px; border: 1px solid var(--cm-line); border-radius: 8px; background: none;
  color: var(--cm-ink); cursor: pointer; font-size: 13px;
}
.cm-loop .cm-roots { display: grid; grid-template-columns: repeat(6, 1fr); }
.cm-loop .cm-choice:hover { border-color: var(--cm-edge); background: var(--cm-pad); }
.cm-loop .cm-choice[aria-pressed="true"] {
  background: color-mix(in oklab, var(--cm-accent) 26%, var(--cm-surface)); border-color: var(--cm-glow); font-weight: 680;
}
.cm-loop .cm-chord-last { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 22px; margin-top: 12px; }
.cm-loop .cm-check { display: inline-flex; align-items: center; gap: 6px; color: var(--cm-soft); font-size: 12.5px; cursor: pointer; }
.cm-loop .cm-check input { accent-color: var(--cm-glow); }
.cm-loop .cm-sound-picker { width: 620px; max-width: min(620px, calc(100vw - 12px)); }
.cm-loop .cm-tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(82px, 1fr)); gap: 6px; }
.cm-loop .cm-tile {
  display: flex; flex-direction: column; align-items: center; gap: 4px; padding: 9px 4px 7px; border: 1px solid transparent;
  border-radius: 10px; background: color-mix(in oklab, var(--cm-tone) 9%, var(--cm-surface)); color: var(--cm-ink); cursor: pointer; font-size: 11.5px;
  transition: transform .12s;
}
.cm-loop .cm-tile .cm-glyph { width: 24px; height: 24px; color: var(--cm-tone); }
.cm-loop .cm-tile:not(:disabled):hover { border-color: var(--cm-tone); transform: translateY(-2px); }
.cm-loop .cm-tile:disabled { opacity: .38; cursor: default; }
.cm-loop .cm-step-panel { width: 250px; }
.cm-loop .cm-step-panel .cm-panel-field { display: flex; align-items: center; gap: 8px; min-height: 36px; }
.cm-loop .cm-step-panel .cm-field-name { flex: 0 0 64px; }
.cm-loop .cm-step-panel .cm-number { width: 96px; height: 32px; }
.cm-loop .cm-help { width: 430px; }
.cm-loop .cm-help dl { display: grid; grid-template-columns: auto 1fr; gap: 7px 14px; margin: 0; font-size: 12.5px; }
.cm-loop .cm-help dt { margin: 0; } .cm-loop .cm-help dd { margin: 0; color: var(--cm-soft); }
.cm-loop .cm-help kbd {
  padding: 2px 6px; border: 1px solid var(--cm-line); border-bottom-width: 2px; border-radius: 5px; background: var(--cm-pad);
  font: 600 11px/1.4 var(--cm-font); white-space: nowrap; color: var(--cm-ink);
}
@media (forced-colors: active) {
  .cm-loop .cm-choice[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;
