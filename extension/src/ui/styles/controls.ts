/** Buttons, sliders, fields and the meter. */

export const CONTROLS = `
.cm-loop button, .cm-loop input, .cm-loop select { font-family: inherit; }
.cm-loop :is(button, input, select):focus-visible {
  outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); outline-offset: 2px;
}
.cm-loop .cm-play {
  width: 46px; height: 46px; flex: none; display: grid; place-items: center; padding: 0;
  border: 0; border-radius: 50%; cursor: pointer; color: var(--cm-on-accent, #fff);
  background: linear-gradient(160deg, color-mix(in oklab, var(--cm-accent) 86%, #fff), var(--cm-accent));
  box-shadow: 0 2px 8px color-mix(in oklab, var(--cm-accent) 40%, transparent);
  transition: transform .12s, box-shadow .2s;
}
.cm-loop .cm-play .cm-glyph { width: 26px; height: 26px; }
.cm-loop .cm-play:hover { transform: scale(1.05); box-shadow: 0 3px 14px color-mix(in oklab, var(--cm-accent) 55%, transparent); }
.cm-loop .cm-play:active { transform: scale(.96); }
.cm-loop[data-state="starting"] .cm-play .cm-glyph { animation: cm-turn .9s linear infinite; }
.cm-loop[data-state="locked"] .cm-play { background: var(--cm-faint); color: var(--cm-ink); box-shadow: none; }
@keyframes cm-turn { to { transform: rotate(1turn); } }
.cm-loop .cm-name {
  max-width: 260px; overflow: hidden; text-overflow: ellipsis; padding: 1px 6px; border: 1px solid transparent; border-radius: 6px;
  background: none; color: inherit; font-size: 17px; font-weight: 650; letter-spacing: -.01em;
}
.cm-loop .cm-name:not([readonly]):hover { border-color: var(--cm-line); }
.cm-loop .cm-name:focus { border-color: var(--cm-edge); background: var(--cm-surface); }
.cm-loop .cm-quiet {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-width: 32px;
  height: 32px; padding: 0 7px; border: 0; border-radius: 8px; background: none;
  color: var(--cm-soft); cursor: pointer; font-size: 12px;
}
.cm-loop .cm-quiet:hover { background: var(--cm-pad-strong); color: var(--cm-ink); }
.cm-loop .cm-quiet[aria-disabled="true"], .cm-loop .cm-quiet:disabled { opacity: .4; cursor: default; }
.cm-loop .cm-python-copy { height: 26px; min-width: 28px; }
.cm-loop .cm-primary, .cm-loop .cm-sound-open {
  display: inline-flex; align-items: center; gap: 8px; height: 34px; padding: 0 14px; border: 0;
  border-radius: 17px; cursor: pointer; font-size: 13px; font-weight: 600;
  background: var(--cm-button); color: var(--cm-on-accent, #fff);
}
.cm-loop .cm-sound-open { height: 26px; padding: 0 11px; font-size: 12px; animation: cm-breathe 1.8s ease-in-out infinite; }
@keyframes cm-breathe { 50% { box-shadow: 0 0 0 5px color-mix(in oklab, var(--cm-accent) 28%, transparent); } }
.cm-loop .cm-number, .cm-loop .cm-select, .cm-loop .cm-chord-text {
  height: 28px; padding: 0 6px; border: 1px solid var(--cm-line); border-radius: 7px;
  background: var(--cm-surface); color: var(--cm-ink); font-size: 13px;
}
.cm-loop .cm-meter-sign { font-size: 13px; font-weight: 600; font-variant-numeric: tabular-nums; }
.cm-loop .cm-select { max-width: 104px; }
.cm-loop .cm-number { width: 62px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-segments { display: inline-flex; border: 1px solid var(--cm-line); border-radius: 8px; overflow: clip; background: var(--cm-surface); }
.cm-loop .cm-segment { position: relative; cursor: pointer; }
.cm-loop .cm-segment span { display: grid; place-items: center; min-width: 28px; height: 26px; color: var(--cm-soft); }
.cm-loop .cm-segment + .cm-segment span { border-left: 1px solid var(--cm-line); }
.cm-loop .cm-segment:hover span { background: var(--cm-pad); }
.cm-loop .cm-segment input:checked + span {
  background: color-mix(in oklab, var(--cm-accent) 22%, var(--cm-surface)); color: var(--cm-ink); font-weight: 650;
}
.cm-loop .cm-segment input:focus-visible + span { outline: 2px solid var(--jp-brand-color1, #1565c0); outline-offset: -2px; }
.cm-loop .cm-slider {
  --cm-from: 0%; --cm-at: 50%;
  appearance: none; width: 84px; height: 20px; margin: 0; padding: 0; border: 0; background: none; cursor: pointer;
  accent-color: var(--cm-glow);
}
.cm-loop .cm-slider::-webkit-slider-runnable-track {
  height: 4px; border-radius: 2px;
  background: linear-gradient(to right, var(--cm-faint) var(--cm-from), var(--cm-fill, var(--cm-glow)) 0 var(--cm-at), var(--cm-faint) 0);
}
.cm-loop .cm-slider::-moz-range-track {
  height: 4px; border-radius: 2px;
  background: linear-gradient(to right, var(--cm-faint) var(--cm-from), var(--cm-fill, var(--cm-glow)) 0 var(--cm-at), var(--cm-faint) 0);
}
.cm-loop .cm-slider::-webkit-slider-thumb {
  appearance: none; width: 14px; height: 14px; margin-top: -5px; border-radius: 50%;
  background: var(--cm-surface); border: 2px solid var(--cm-fill, var(--cm-glow));
  box-shadow: 0 1px 2px rgb(0 0 0 / 20%);
}
.cm-loop .cm-slider::-moz-range-thumb {
  width: 11px; height: 11px; border-radius: 50%; background: var(--cm-surface); border: 2px solid var(--cm-fill, var(--cm-glow));
}
.cm-loop .cm-slider:disabled { opacity: .5; cursor: default; }
.cm-loop .cm-output { min-width: 36px; color: var(--cm-soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-swing { width: 72px; }
.cm-loop .cm-meter {
  position: relative; display: block; width: 96px; height: 6px; border-radius: 3px; overflow: hidden; background: var(--cm-faint);
}
.cm-loop .cm-meter-bar {
  position: absolute; inset: 0; transform-origin: left; transform: scaleX(0);
  background: linear-gradient(to right, #2fb67c 0 62%, #e9b53a 84%, #e5534b);
}
.cm-loop .cm-meter-mark { position: absolute; inset: 0; border-left: 2px solid var(--cm-ink); opacity: .55; }
.cm-loop:not([data-state="playing"]) .cm-meter-mark { opacity: 0; }
.cm-loop .cm-volume-box { display: inline-flex; align-items: center; gap: 4px; color: var(--cm-soft); }
.cm-loop .cm-volume-box .cm-glyph { width: 15px; height: 15px; }
.cm-loop .cm-volume { width: 56px; --cm-fill: var(--cm-soft); }
.cm-loop[data-narrow] .cm-meter { flex: 1; }
@media (pointer: coarse) {
  .cm-loop .cm-sound-open { height: 36px; }
  .cm-loop .cm-segment span { min-width: 34px; height: 32px; }
  .cm-loop .cm-number, .cm-loop .cm-select { height: 34px; font-size: 16px; }
  .cm-loop .cm-quiet { min-width: 36px; height: 36px; }
  .cm-loop .cm-slider { height: 32px; }
}
@media (forced-colors: active) {
  .cm-loop .cm-play, .cm-loop .cm-primary, .cm-loop .cm-sound-open, .cm-loop .cm-segment input:checked + span { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .cm-loop .cm-slider { forced-color-adjust: none; --cm-fill: Highlight; --cm-faint: GrayText; --cm-surface: Canvas; }
  .cm-loop .cm-meter-bar { forced-color-adjust: none; background: Highlight; }
}
`;
