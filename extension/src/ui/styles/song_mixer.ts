/** The mixer: strips, faders, knobs, meters and slots. */

export const SONG_MIXER = `
.cm-song .cm-mixer { margin-top: 10px; overflow-x: auto; overscroll-behavior-x: contain; scrollbar-width: thin; border: 1px solid var(--cm-line); border-radius: 10px; background: color-mix(in srgb, var(--cm-ink) 3%, var(--cm-surface)); }
.cm-song .cm-strips { display: flex; align-items: stretch; gap: 1px; min-width: max-content; padding: 8px 0 8px 8px; }
.cm-song .cm-strip {
  position: relative; display: flex; flex-direction: column; align-items: stretch; gap: 6px; width: 104px; padding: 8px 8px 0; border-radius: 9px;
  background: var(--cm-surface); border: 1px solid var(--cm-line); margin-right: 5px; overflow: hidden;
}
.cm-song .cm-strip[data-lifted] { z-index: 3; box-shadow: 0 8px 22px rgb(0 0 0 / 30%); }
.cm-song .cm-strip::before { content: ""; position: absolute; left: 0; right: 0; top: 0; height: 3px; background: var(--cm-tone); }
.cm-song .cm-strip[data-kind="master"] { background: color-mix(in oklab, var(--cm-accent) 8%, var(--cm-surface)); position: sticky; right: 0; z-index: 2; margin: 0 0 0 auto; box-shadow: -6px 0 12px -4px rgb(0 0 0 / 22%); }
.cm-song .cm-slots { display: flex; flex-direction: column; gap: 3px; min-height: 76px; flex: 1; }
.cm-song .cm-slot-list { display: flex; flex-direction: column; gap: 3px; }
.cm-song .cm-slot-item { display: flex; align-items: center; height: 23px; border-radius: 6px; background: color-mix(in oklab, var(--cm-tone) 20%, var(--cm-surface)); overflow: hidden; }
.cm-song .cm-slot-item[data-off] { background: var(--cm-pad); }
.cm-song .cm-slot-item[data-off] .cm-slot-open { text-decoration: line-through; color: var(--cm-soft); }
.cm-song .cm-slot-item[data-lifted] { position: relative; z-index: 2; box-shadow: 0 4px 12px rgb(0 0 0 / 30%); }
.cm-song .cm-slot-power { flex: none; width: 22px; height: 23px; display: grid; place-items: center; padding: 0; border: 0; background: none; color: var(--cm-soft); cursor: pointer; }
.cm-song .cm-slot-power .cm-glyph { width: 12px; height: 12px; stroke-width: 2.4; }
.cm-song .cm-slot-power[aria-pressed="true"] { color: color-mix(in oklab, var(--cm-tone) 60%, var(--cm-ink)); }
.cm-song .cm-slot-open { flex: 1; min-width: 0; height: 23px; padding: 0 6px 0 1px; border: 0; background: none; color: var(--cm-ink); cursor: pointer; text-align: left; font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; touch-action: none; }
.cm-song .cm-slot-power[hidden] + .cm-slot-open { padding-left: 8px; }
.cm-song .cm-slot-item:hover { box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--cm-tone) 60%, transparent); }
.cm-song .cm-slot-add { display: flex; align-items: center; gap: 4px; height: 22px; padding: 0 5px; border: 1px dashed var(--cm-line); border-radius: 6px; background: none; color: var(--cm-soft); cursor: pointer; font-size: 11px; }
.cm-song .cm-slot-add .cm-glyph { width: 12px; height: 12px; }
.cm-song .cm-slot-add:hover { color: var(--cm-ink); border-color: var(--cm-edge); }
.cm-song .cm-sends { display: flex; flex-wrap: wrap; gap: 4px 6px; padding-top: 5px; border-top: 1px solid var(--cm-line); }
.cm-song .cm-send { display: flex; align-items: center; gap: 4px; width: 100%; }
.cm-song .cm-send .cm-dial { width: 24px; height: 24px; }
.cm-song .cm-send-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--cm-soft); font-size: 11px; }
.cm-song .cm-strip-panning { display: flex; align-items: center; justify-content: center; gap: 5px; padding-top: 5px; border-top: 1px solid var(--cm-line); }
.cm-song .cm-strip-pan { min-width: 28px; color: var(--cm-soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.cm-song .cm-dial { width: 30px; height: 30px; flex: none; cursor: ns-resize; border-radius: 50%; touch-action: none; outline-offset: 1px; }
.cm-song .cm-dial svg { display: block; width: 100%; height: 100%; fill: none; stroke-linecap: round; }
.cm-song .cm-knob-track { stroke: var(--cm-faint); stroke-width: 2.6; }
.cm-song .cm-knob-arc { stroke: var(--cm-tone); stroke-width: 2.6; }
.cm-song .cm-knob-body { fill: var(--cm-pad-strong); }
.cm-song .cm-knob-hand { stroke: var(--cm-ink); stroke-width: 1.8; }
.cm-song :is(.cm-dial, .cm-fader):focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); }
.cm-song :is(.cm-dial, .cm-fader)[aria-disabled] { cursor: default; opacity: .7; }
.cm-song .cm-strip-level { display: flex; justify-content: center; gap: 10px; height: 148px; }
.cm-song .cm-fader { position: relative; width: 34px; height: 100%; cursor: ns-resize; touch-action: none; border-radius: 6px; outline-offset: 1px; }
.cm-song .cm-fader-groove { position: absolute; left: 15px; top: 10px; bottom: 10px; width: 4px; border-radius: 2px; background: var(--cm-faint); overflow: hidden; }
.cm-song .cm-fader-fill { position: absolute; left: 0; right: 0; bottom: 0; background: var(--cm-tone); opacity: .85; }
.cm-song .cm-fader-cap {
  position: absolute; left: 2px; right: 2px; height: 22px; border-radius: 5px; border: 1px solid var(--cm-edge);
  background: linear-gradient(var(--cm-surface) 0 40%, var(--cm-ink) 44% 56%, var(--cm-surface) 60%), var(--cm-surface); box-shadow: 0 2px 5px rgb(0 0 0 / 22%);
}
.cm-song .cm-column { display: flex; flex-direction: column; gap: 3px; width: 9px; height: 100%; }
.cm-song .cm-column-lamp { height: 5px; border-radius: 2px; background: var(--cm-faint); }
.cm-song .cm-column-lamp[data-on] { background: #e5534b; }
.cm-song .cm-column-bar { position: relative; flex: 1; border-radius: 3px; overflow: hidden; background: linear-gradient(to top, #2fb67c 0 58%, #e9b53a 82%, #e5534b); }
.cm-song .cm-column-cover { position: absolute; inset: 0; transform-origin: top; background: color-mix(in srgb, var(--cm-ink) 13%, var(--cm-surface)); }
.cm-song .cm-column-mark { position: absolute; inset: 0; border-top: 2px solid var(--cm-ink); opacity: 0; }
.cm-song .cm-strip-db { text-align: center; font-size: 11px; font-variant-numeric: tabular-nums; color: var(--cm-soft); margin-top: -2px; }
.cm-song .cm-strip-switches { display: flex; justify-content: center; gap: 6px; min-height: 24px; }
.cm-song .cm-strip-switches button { width: 34px; height: 24px; }
.cm-song .cm-strip[data-kind="stem"] .cm-strip-name { touch-action: pan-y; cursor: grab; }
.cm-song .cm-strip-name {
  margin: 0 -8px; height: 30px; padding: 0 8px; border: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; cursor: pointer; font-size: 12px; font-weight: 650; color: var(--cm-ink);
  background: color-mix(in oklab, var(--cm-tone) 26%, var(--cm-surface));
}
.cm-song .cm-strip[data-kind="master"] .cm-strip-name { cursor: default; }
.cm-song .cm-strip[data-kind="loop"] .cm-strip-name { font-style: italic; }
.cm-song .cm-strip-name:not(:disabled):hover { background: color-mix(in oklab, var(--cm-tone) 38%, var(--cm-surface)); }
.cm-song .cm-strip-name:focus-visible { outline-offset: -2px; }
.cm-song .cm-strip-add { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; width: 58px; margin-right: 6px; border: 1px dashed var(--cm-line); border-radius: 9px; background: none; color: var(--cm-soft); cursor: pointer; font-size: 11.5px; }
.cm-song .cm-strip-add:hover { color: var(--cm-ink); border-color: var(--cm-edge); background: var(--cm-surface); }
.cm-song[data-size="narrow"] .cm-strip { width: 112px; }
.cm-song[data-size="narrow"] .cm-strip[data-kind="master"] { position: relative; right: auto; box-shadow: none; margin: 0 8px 0 0; }
.cm-song[data-size="narrow"] .cm-strip :is(.cm-slot-item, .cm-slot-open, .cm-slot-power, .cm-slot-add) { height: 44px; }
.cm-song[data-size="narrow"] .cm-slot-power { width: 44px; }
.cm-song[data-size="narrow"] .cm-strip-add { min-width: 58px; }
.cm-song[data-size="narrow"] .cm-strip-switches button { width: 44px; height: 44px; display: block; }
.cm-song[data-size="narrow"] .cm-strip-name { height: 44px; }
.cm-song[data-size="narrow"] .cm-dial, .cm-song[data-size="narrow"] .cm-send .cm-dial { width: 44px; height: 44px; }
.cm-song[data-size="narrow"] .cm-fader { width: 44px; } .cm-song[data-size="narrow"] .cm-fader-groove { left: 20px; }
@media (forced-colors: active) {
  .cm-song .cm-fader-cap { border-color: ButtonText; }
  .cm-song .cm-fader-fill, .cm-song .cm-knob-arc { forced-color-adjust: none; background: Highlight; stroke: Highlight; }
  .cm-song .cm-column-bar { forced-color-adjust: none; background: Highlight; }
  .cm-song .cm-column-cover { background: Canvas; }
}
`;
