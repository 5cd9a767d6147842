/** The card, its header, tools and foot. */

export const FRAME = `
.cm-loop {
  box-sizing: border-box;
  position: relative;
  max-width: 1480px;
  margin: 4px 0;
  padding: 12px 14px 10px;
  border: 1px solid var(--cm-line);
  border-radius: 14px;
  background:
    linear-gradient(color-mix(in oklab, var(--cm-accent) 7%, transparent), transparent 96px),
    var(--cm-surface);
  box-shadow: 0 1px 2px rgb(0 0 0 / 6%);
  transition: box-shadow .4s;
  text-align: left;
}
.cm-loop[data-state="playing"] {
  box-shadow: 0 0 0 1px color-mix(in oklab, var(--cm-accent) 45%, transparent),
    0 4px 22px color-mix(in oklab, var(--cm-accent) 16%, transparent);
}
.cm-loop *, .cm-loop *::before, .cm-loop *::after { box-sizing: border-box; }
.cm-loop [hidden] { display: none !important; }
.cm-loop .cm-unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0;
}
.cm-loop .cm-glyph {
  width: 18px; height: 18px; flex: none; display: block;
  stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round;
}
.cm-loop .cm-header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 18px; }
.cm-loop .cm-title { display: flex; flex-direction: column; gap: 1px; min-width: 150px; }
.cm-loop .cm-listening { display: flex; align-items: center; gap: 10px; min-height: 20px; padding-left: 7px; }
.cm-loop[data-state="locked"] .cm-listening > :not(.cm-sound-open) { display: none; }
.cm-loop .cm-fields { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; }
.cm-loop .cm-field { display: inline-flex; align-items: center; gap: 6px; }
.cm-loop .cm-field-name { color: var(--cm-soft); font-size: 12px; }
.cm-loop .cm-buttons { display: flex; align-items: center; gap: 2px; margin-left: auto; }
.cm-loop .cm-history { display: flex; gap: 2px; }
.cm-loop .cm-sound-failed {
  display: flex; align-items: center; gap: 8px; margin: 10px 0 0; padding: 8px 12px; border-radius: 8px;
  color: var(--cm-ink); border: 1px solid var(--cm-error);
  background: color-mix(in srgb, var(--cm-error) 10%, var(--cm-surface));
}
.cm-loop .cm-sound-failed .cm-glyph { color: var(--cm-error); }
.cm-loop .cm-tools {
  display: flex; flex-wrap: wrap; align-items: center;
  gap: 8px 16px; margin: 12px 0 8px;
}
.cm-loop[data-compact] .cm-palette { display: none; }
.cm-loop .cm-pager { display: flex; gap: 4px; margin-left: auto; }
.cm-loop .cm-page {
  min-width: 34px; height: 28px; padding: 0 8px; border: 1px solid var(--cm-line);
  border-radius: 14px; background: none; color: var(--cm-soft); font: inherit; font-size: 12px;
  cursor: pointer; font-variant-numeric: tabular-nums;
}
.cm-loop .cm-page-now { display: grid; place-items: center; min-width: 72px; color: var(--cm-soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.cm-loop[data-narrow] .cm-page-now { flex: 2; }
.cm-loop .cm-page .cm-glyph { margin: auto; }
.cm-loop .cm-page[aria-current] { color: var(--cm-ink); border-color: var(--cm-glow); background: color-mix(in oklab, var(--cm-accent) 16%, var(--cm-surface)); }
.cm-loop .cm-page[data-playing] { box-shadow: 0 0 0 2px color-mix(in oklab, var(--cm-accent) 40%, transparent); }
.cm-loop .cm-foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 16px; margin-top: 8px; }
.cm-loop .cm-python {
  display: flex; align-items: center; gap: 6px; min-width: 0; max-width: 100%; min-height: 28px;
  color: var(--cm-soft); font-size: 12px;
}
.cm-loop .cm-python .cm-glyph { width: 14px; height: 14px; }
.cm-loop .cm-python-code {
  font: 12px/1.5 var(--cm-mono); color: inherit; background: none; padding: 0; border: 0;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; user-select: all;
}
.cm-loop .cm-python:not(.cm-has-code) .cm-python-code { font-family: var(--cm-font); user-select: none; }
.cm-loop .cm-python.cm-has-code .cm-python-code { color: var(--cm-ink); }
.cm-loop:not([data-narrow]) .cm-name { max-width: 210px; }
.cm-loop[data-medium] .cm-header { gap: 8px 14px; }
.cm-loop[data-medium] .cm-title { min-width: 130px; }
.cm-loop[data-medium] .cm-fields { gap: 8px 10px; }
.cm-loop[data-medium] .cm-buttons .cm-quiet { min-width: 28px; padding: 0 4px; }
.cm-loop[data-snug] .cm-fields { order: 5; width: 100%; gap: 8px 18px; }
.cm-loop[data-medium]:not([data-snug]) .cm-fields .cm-output { min-width: 30px; }
.cm-loop[data-medium] .cm-fields .cm-select { max-width: 88px; }
.cm-loop[data-medium] .cm-fields .cm-swing { width: 52px; }
.cm-loop[data-medium] .cm-number { width: 60px; }
.cm-loop[data-medium] .cm-meter { width: 64px; }
.cm-loop[data-medium] .cm-volume { width: 44px; }
.cm-loop[data-medium] .cm-name { max-width: 170px; }
.cm-loop[data-medium] .cm-palette-letter { display: none; }
.cm-loop[data-medium] .cm-tools { gap: 8px 12px; }
.cm-loop[data-narrow] { padding: 10px 8px 8px; border-radius: 12px; }
.cm-loop[data-narrow] .cm-header { gap: 8px 12px; }
.cm-loop[data-narrow] .cm-title { flex: 1 1 0; min-width: 120px; }
.cm-loop[data-narrow] .cm-fields { order: 5; width: 100%; justify-content: space-between; gap: 6px 10px; }
.cm-loop[data-narrow] .cm-add-sound { height: 36px; }
.cm-loop[data-narrow] .cm-python { width: 100%; }
.cm-loop[data-narrow] .cm-pager { width: 100%; }
.cm-loop[data-narrow] .cm-page { flex: 1; min-width: 0; padding: 0 2px; }
.cm-loop[data-narrow] .cm-fields .cm-swing { width: 60px; }
.cm-loop[data-narrow] .cm-fields .cm-select { max-width: 104px; }
.cm-loop[data-narrow] .cm-page { height: 32px; min-width: 36px; }
@media (forced-colors: active) {
  .cm-loop { border-color: CanvasText; }
}
@media (prefers-reduced-motion: reduce) {
  .cm-loop, .cm-loop * { transition: none !important; animation: none !important; }
}
`;
