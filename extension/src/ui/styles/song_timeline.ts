/** The timeline: its field, heads, bands and items. */

export const SONG_TIMELINE = `
.cm-song :is(.cm-timeline, .cm-mixer, .cm-pads, .cm-song-tools) { user-select: none; -webkit-user-select: none; }
.cm-song .cm-timeline {
  position: relative; overflow: auto; max-height: min(600px, 74vh); border: 1px solid var(--cm-line); border-radius: 10px; background: var(--cm-surface);
  overscroll-behavior-x: contain; scrollbar-width: thin; outline: none; isolation: isolate; touch-action: pan-x pan-y;
}
.cm-song .cm-timeline-inner { position: relative; width: calc(var(--cm-head-room) + var(--cm-song-field, 100%)); min-width: 100%; overflow-x: clip; }
.cm-song .cm-field-canvas { position: sticky; left: 0; top: 0; display: block; z-index: 0; pointer-events: none; }
.cm-song .cm-timeline-top {
  position: sticky; top: 0; z-index: 6; display: flex; width: 100%; background: color-mix(in srgb, var(--cm-ink) 3%, var(--cm-surface));
  border-bottom: 1px solid var(--cm-line);
}
.cm-song .cm-ruler-canvas { position: sticky; left: 0; z-index: 0; flex: none; align-self: flex-start; pointer-events: none; }
.cm-song .cm-top-head {
  position: sticky; left: 0; z-index: 3; flex: none; width: var(--cm-head-room); display: flex; flex-direction: column; padding-left: 12px; color: var(--cm-soft); font-size: 11px;
  background: color-mix(in srgb, var(--cm-ink) 3%, var(--cm-surface)); border-right: 1px solid var(--cm-line);
}
.cm-song .cm-top-head span:nth-child(1) { height: 26px; line-height: 26px; }
.cm-song .cm-top-head span:nth-child(2) { height: 22px; line-height: 22px; }
.cm-song .cm-top-head span:nth-child(3) { height: 26px; line-height: 24px; }
.cm-song .cm-top-field { position: relative; flex: none; width: var(--cm-song-field, 100%); overflow: clip; }
.cm-song .cm-song-ruler { position: relative; height: 26px; cursor: text; touch-action: none; }
.cm-song .cm-region {
  position: absolute; top: 3px; bottom: 3px; border-radius: 6px; cursor: grab; background: color-mix(in srgb, var(--cm-ink) 12%, transparent);
  border: 1px solid color-mix(in srgb, var(--cm-ink) 30%, transparent); border-width: 0 3px;
}
.cm-song .cm-region[data-on] { background: color-mix(in oklab, var(--cm-accent) 34%, transparent); border-color: var(--cm-glow); }
.cm-song .cm-region:active { cursor: grabbing; }
.cm-song .cm-locked-bars { position: absolute; inset: 0; pointer-events: none; }
.cm-song .cm-locked {
  position: absolute; top: 0; bottom: 0; display: flex; justify-content: flex-end; align-items: center; padding-right: 3px; overflow: hidden; color: var(--cm-soft);
  border-bottom: 3px solid color-mix(in srgb, var(--cm-ink) 45%, transparent);
  background: repeating-linear-gradient(135deg, color-mix(in srgb, var(--cm-ink) 16%, transparent) 0 4px, transparent 4px 9px);
}
.cm-song .cm-locked .cm-glyph { flex: none; width: 13px; height: 13px; }
.cm-song .cm-lock-notice {
  position: sticky; bottom: 12px; z-index: 9; display: flex; align-items: center; gap: 8px; width: max-content; max-width: calc(100% - 24px); box-sizing: border-box; min-height: 36px; margin: -48px auto 12px; padding: 6px 14px;
  border-radius: 10px; background: var(--cm-ink); color: var(--cm-surface); font-size: 13px; pointer-events: none; box-shadow: 0 4px 16px rgb(0 0 0 / 30%);
}
.cm-song .cm-lock-notice .cm-glyph { flex: none; width: 15px; height: 15px; }
.cm-song .cm-lock-sign { display: inline-flex; flex: none; color: var(--cm-soft); }
.cm-song .cm-lock-sign[hidden] { display: none; }
.cm-song .cm-lock-sign .cm-glyph { width: 13px; height: 13px; }
.cm-song .cm-pad-box > .cm-lock-sign { position: absolute; left: 7px; top: 5px; display: none; pointer-events: none; }
.cm-song .cm-pad-box[data-closed] > .cm-lock-sign { display: inline-flex; }
.cm-song .cm-song-handle { position: absolute; left: 0; top: 12px; width: 0; height: 0; pointer-events: none; }
.cm-song .cm-song-handle::before { content: ""; position: absolute; left: -7px; top: 0; border: 7px solid transparent; border-top: 11px solid var(--cm-glow); border-bottom: 0; }
.cm-song .cm-song-handle::after { content: ""; position: absolute; left: -1px; top: 8px; width: 2px; height: 80px; background: var(--cm-glow); }
.cm-song .cm-signs { position: relative; height: 22px; }
.cm-song .cm-sections { position: relative; height: 26px; cursor: cell; }
.cm-song .cm-sign {
  position: absolute; top: 1px; height: 19px; padding: 0 6px 0 4px; border: 0; background: none; color: var(--cm-ink); cursor: grab; white-space: nowrap;
  font: 600 11px/18px var(--cm-font); touch-action: none; text-align: left;
}
.cm-song .cm-signs .cm-sign-text { display: block; max-width: var(--cm-room, none); overflow: hidden; text-overflow: ellipsis; }
.cm-song .cm-sign:active { cursor: grabbing; }
.cm-song .cm-sign-time { color: var(--cm-soft); border-left: 2px solid var(--cm-edge); border-radius: 0 5px 5px 0; font-variant-numeric: tabular-nums; background: color-mix(in srgb, var(--cm-surface) 70%, transparent); }
.cm-song .cm-sign-time:hover, .cm-song .cm-sign-markers:hover { background: var(--cm-pad-strong); }
.cm-song .cm-ramp {
  position: absolute; left: 0; top: 0; height: 100%; z-index: -1; pointer-events: none; background: color-mix(in oklab, var(--cm-accent) 20%, transparent);
  clip-path: polygon(0 100%, 100% 0, 100% 100%);
}
.cm-song .cm-ramp[data-falls] { clip-path: polygon(0 0, 100% 100%, 0 100%); }
.cm-song .cm-sign-markers { border-left: 2px solid light-dark(#b3700b, #ffc35c); border-radius: 0 9px 9px 0; background: color-mix(in oklab, light-dark(#e09a2b, #ffc35c) 26%, var(--cm-surface)); z-index: 1; }
.cm-song .cm-sign-sections {
  top: 2px; height: 21px; overflow: clip; padding: 0 9px; border-radius: 6px; background: var(--cm-tone); color: var(--cm-on-tone);
  border: 1px solid color-mix(in oklab, var(--cm-tone) 70%, #000); line-height: 19px;
}
.cm-song .cm-sign-sections .cm-sign-text { position: sticky; left: calc(var(--cm-head-room) + 8px); overflow: hidden; text-overflow: ellipsis; display: block; }
.cm-song :is(.cm-sign, .cm-item):focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); outline-offset: 1px; z-index: 3; }
.cm-song .cm-item-edge { position: absolute; left: 0; top: 0; bottom: 0; width: min(8px, 25%); cursor: ew-resize; }
.cm-song .cm-item-edge.cm-item-end { left: auto; right: 0; }
.cm-song .cm-tracks { position: relative; }
.cm-song .cm-track { position: relative; display: flex; height: 58px; }
.cm-song .cm-track[data-kind="lane"] { height: 50px; }
.cm-song .cm-track[data-kind="lane"]:not(:has(.cm-item)) { height: 30px; }
.cm-song .cm-track-head {
  position: sticky; left: 0; z-index: 4; flex: none; width: var(--cm-head-room); display: flex; align-items: center; gap: 4px; padding: 0 8px 0 6px;
  background: color-mix(in srgb, var(--cm-ink) 3%, var(--cm-surface)); border-right: 1px solid var(--cm-line); border-bottom: 1px solid var(--cm-line); overflow: hidden;
}
.cm-song .cm-track[data-kind="stem"] .cm-track-head::before { content: ""; position: absolute; left: 0; top: 4px; bottom: 5px; width: 3px; border-radius: 0 3px 3px 0; background: var(--cm-tone); }
.cm-song .cm-track-head .cm-open { height: 38px; padding-left: 6px; }
.cm-song .cm-track-head .cm-row-name { font-weight: 600; }
.cm-song .cm-track-head .cm-picture { color: color-mix(in oklab, var(--cm-tone) 74%, var(--cm-ink)); }
.cm-song .cm-track-name { display: flex; align-items: center; gap: 8px; padding: 4px 6px; border-radius: 7px; color: var(--cm-soft); font-size: 12px; outline-offset: -2px; }
.cm-song .cm-track-name .cm-glyph { width: 16px; height: 16px; }
.cm-song .cm-track-name:focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); }
.cm-song .cm-timeline-hint { position: sticky; left: var(--cm-head-room); width: fit-content; margin: 0; padding: 14px 16px 16px; color: var(--cm-soft); font-size: 13px; }
.cm-song .cm-track-meter { position: absolute; left: 12px; right: 8px; bottom: 3px; height: 3px; border-radius: 2px; background: var(--cm-faint); overflow: hidden; }
.cm-song .cm-track-level { position: absolute; inset: 0; transform-origin: left; transform: scaleX(0); background: linear-gradient(to right, #2fb67c 0 70%, #e9b53a 88%, #e5534b); }
.cm-song .cm-track-cells { position: relative; flex: none; width: var(--cm-song-field, 100%); }
.cm-song .cm-item { position: absolute; top: 3px; bottom: 4px; border-radius: 6px; cursor: grab; touch-action: pan-x pan-y; -webkit-tap-highlight-color: transparent; outline: none; z-index: 1; }
.cm-song .cm-item:hover { box-shadow: inset 0 0 0 1.5px color-mix(in srgb, var(--cm-ink) 50%, transparent); }
.cm-song .cm-item[aria-selected="true"] { box-shadow: inset 0 0 0 2px var(--cm-ink); touch-action: none; z-index: 2; }
.cm-song .cm-timeline[data-lifting] .cm-item { cursor: grabbing; box-shadow: none; }
.cm-song[data-locked] :is(.cm-item, .cm-sign) { cursor: default; }
.cm-song .cm-marquee { position: absolute; left: 0; top: 0; z-index: 3; pointer-events: none; border: 1px solid var(--cm-glow); border-radius: 3px; background: color-mix(in oklab, var(--cm-accent) 14%, transparent); }
.cm-song .cm-song-playhead { position: absolute; z-index: 3; left: calc(var(--cm-head-room) - 1px); top: 0; bottom: 0; width: 2px; pointer-events: none; background: var(--cm-glow); will-change: transform; }
.cm-song[data-state="playing"] .cm-song-playhead { box-shadow: 0 0 10px 1px color-mix(in oklab, var(--cm-accent) 65%, transparent); }
.cm-song[data-size="narrow"] .cm-top-head { padding-left: 4px; font-size: 9.5px; }
.cm-song[data-size="narrow"] .cm-track-head { padding: 0 3px; flex-direction: column; justify-content: center; gap: 0; }
.cm-song[data-size="narrow"] .cm-track-head .cm-open { flex: none; flex-direction: column; gap: 0; width: 100%; height: 48px; padding: 0 0 4px; justify-content: center; font-size: 9.5px; line-height: 1.15; }
.cm-song[data-size="narrow"] .cm-track-head .cm-row-name { max-width: 50px; }
.cm-song[data-size="narrow"] .cm-track-head :is(.cm-mute, .cm-solo) { display: none; }
.cm-song[data-size="narrow"] .cm-track-name { flex-direction: column; gap: 1px; font-size: 9.5px; padding: 2px; white-space: nowrap; }
.cm-song[data-size="narrow"] .cm-track[data-kind="lane"]:not(:has(.cm-item)) .cm-glyph { display: none; }
.cm-song[data-size="narrow"] .cm-track-meter { left: 6px; right: 5px; bottom: 2px; }
.cm-song[data-size="narrow"] .cm-sections { height: 46px; } .cm-song[data-size="narrow"] .cm-sign-sections { height: 40px; line-height: 38px; }
.cm-song[data-size="narrow"] .cm-song-ruler { cursor: pointer; }
@media (forced-colors: active) {
  .cm-song .cm-item { outline: 1px solid CanvasText; outline-offset: -1px; }
  .cm-song .cm-item[aria-selected="true"] { outline: 3px solid Highlight; }
  .cm-song .cm-song-playhead { forced-color-adjust: none; background: Highlight; }
  .cm-song .cm-sign-sections { border-color: CanvasText; }
}
`;
