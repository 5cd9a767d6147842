/** The palette and the chord lane. */

export const CHORDS = `
.cm-loop .cm-palette { display: contents; }
.cm-loop .cm-palette[data-locked] { display: none; }
.cm-loop .cm-palette-chords { display: flex; flex-wrap: wrap; gap: 5px; }
.cm-loop .cm-palette-chord {
  display: inline-flex; align-items: center; gap: 5px; height: 30px; padding: 0 9px 0 6px;
  border: 1px solid color-mix(in oklab, var(--cm-tone) 42%, var(--cm-surface)); border-radius: 9px;
  background: color-mix(in oklab, var(--cm-tone) 11%, var(--cm-surface)); color: var(--cm-ink);
  cursor: grab; touch-action: none; user-select: none; font-size: 13px; transition: transform .12s, box-shadow .12s;
}
.cm-loop .cm-palette-chord:hover { transform: translateY(-1px); box-shadow: 0 2px 6px rgb(0 0 0 / 14%); }
.cm-loop .cm-palette-chord[aria-pressed="true"] { box-shadow: 0 0 0 2px var(--cm-tone); }
.cm-loop .cm-palette-name { font-weight: 650; }
.cm-loop .cm-palette-letter { color: var(--cm-soft); font-size: 11px; }
.cm-loop .cm-palette-letter:empty { display: none; }
.cm-loop .cm-palette-chord[data-role="variation"] { border-style: dashed; }
.cm-loop .cm-ghost {
  position: fixed; left: 0; top: 0; z-index: 20; pointer-events: none; cursor: grabbing;
  box-shadow: 0 8px 22px rgb(0 0 0 / 28%); transition: none;
}
.cm-loop .cm-role::before { content: attr(data-letter); }
.cm-loop .cm-role {
  display: grid; place-items: center; width: 16px; height: 16px; flex: none; font-size: 10px; font-weight: 800; line-height: 1;
  color: var(--cm-surface); background: var(--cm-tone); border-radius: 50%;
}
.cm-loop [data-role="predominant"] > .cm-role, .cm-loop [data-role="predominant"] .cm-chip-words > .cm-role { border-radius: 3px; }
.cm-loop [data-role="dominant"] > .cm-role, .cm-loop [data-role="dominant"] .cm-chip-words > .cm-role {
  border-radius: 0; width: 18px; padding-right: 3px; clip-path: polygon(0 0, 62% 0, 100% 50%, 62% 100%, 0 100%);
}
.cm-loop [data-role="borrowed"] > .cm-role, .cm-loop [data-role="borrowed"] .cm-chip-words > .cm-role {
  border-radius: 0; width: 18px; height: 18px; clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%);
}
.cm-loop .cm-presets { display: flex; flex-wrap: wrap; gap: 4px; }
.cm-loop .cm-preset {
  height: 28px; padding: 0 10px; border: 0; border-radius: 14px; background: var(--cm-pad); color: var(--cm-soft);
  cursor: pointer; font-size: 12px;
}
.cm-loop .cm-preset:hover { background: color-mix(in oklab, var(--cm-accent) 20%, var(--cm-surface)); color: var(--cm-ink); }
.cm-loop .cm-lane { display: flex; height: 44px; margin-bottom: 6px; }
.cm-loop .cm-lane-head {
  position: sticky; left: 0; z-index: 4; width: var(--cm-head); flex: none; display: flex; align-items: center;
  padding-left: 8px; background: var(--cm-surface); box-shadow: -3px 0 0 var(--cm-surface); color: var(--cm-soft); font-size: 12px;
}
.cm-loop[data-narrow] .cm-lane-head { padding-left: 2px; font-size: 11px; }
.cm-loop .cm-lane-track {
  position: relative; flex: none; width: calc(var(--cm-cell) * var(--cm-cells)); border-radius: 10px; background:
    repeating-linear-gradient(to right, transparent 0 calc(var(--cm-cell) * var(--cm-bar) - 1px), var(--cm-faint) 0 calc(var(--cm-cell) * var(--cm-bar))),
    var(--cm-wash);
  touch-action: pan-y;
}
.cm-loop .cm-chip {
  position: absolute; top: 2px; bottom: 2px; left: calc(var(--cm-start) * var(--cm-cell) + 1.5px);
  width: calc(var(--cm-length) * var(--cm-cell) - 3px); padding: 0; display: flex; align-items: center;
  border: 1px solid color-mix(in oklab, var(--cm-tone) 45%, var(--cm-surface)); border-radius: 9px;
  background: linear-gradient(to bottom, color-mix(in oklab, var(--cm-tone) 15%, var(--cm-surface)), color-mix(in oklab, var(--cm-tone) 24%, var(--cm-surface)));
  color: var(--cm-ink); cursor: grab; touch-action: pan-y; overflow: clip; transition: background .15s, box-shadow .15s;
}
.cm-loop .cm-chip:active { cursor: grabbing; }
.cm-loop .cm-chip-words {
  position: sticky; left: calc(var(--cm-head) + 4px); display: flex; align-items: center; gap: 7px;
  padding: 0 12px 0 8px; min-width: 0; white-space: nowrap;
}
.cm-loop .cm-letter { font-size: 15px; font-weight: 680; letter-spacing: -.01em; }
.cm-loop .cm-roman { color: var(--cm-soft); font-size: 12px; }
.cm-loop .cm-chip[data-short] .cm-chip-words {
  display: grid; grid-template: "letter letter" auto "role roman" auto / auto 1fr; gap: 0 4px; padding: 0 6px; max-width: 100%;
}
.cm-loop .cm-chip[data-short] .cm-letter { grid-area: letter; font-size: 13px; line-height: 17px; overflow: hidden; text-overflow: ellipsis; text-align: left; }
.cm-loop .cm-chip[data-short] .cm-roman { grid-area: roman; font-size: 10.5px; line-height: 14px; overflow: hidden; text-overflow: ellipsis; text-align: left; }
.cm-loop .cm-chip[data-short] .cm-role { grid-area: role; align-self: center; transform: scale(.75); transform-origin: left; margin-right: -4px; }
.cm-loop .cm-chip[data-role="unread"] { border-style: dashed; }
.cm-loop .cm-chip[data-role="none"] { border-style: dashed; background: transparent; }
.cm-loop .cm-chip[data-role="none"] .cm-role { visibility: hidden; width: 0; }
.cm-loop[data-medium] .cm-palette-chord { gap: 4px; padding: 0 7px 0 5px; }
.cm-loop[data-snug] .cm-preset { padding: 0 7px; }
.cm-loop .cm-chip-end {
  position: absolute; right: 0; top: 0; bottom: 0; width: 10px; cursor: ew-resize; touch-action: none;
}
.cm-loop .cm-chip-end::after {
  content: ""; position: absolute; right: 3px; top: 30%; bottom: 30%; width: 3px; border-radius: 2px;
  background: var(--cm-tone); opacity: .35;
}
.cm-loop .cm-chip:hover .cm-chip-end::after { opacity: .9; }
.cm-loop .cm-chip.cm-sounding {
  background: linear-gradient(to bottom, color-mix(in oklab, var(--cm-tone) 34%, var(--cm-surface)), color-mix(in oklab, var(--cm-tone) 44%, var(--cm-surface)));
  box-shadow: 0 0 12px color-mix(in oklab, var(--cm-tone) 45%, transparent);
}
.cm-loop .cm-marker {
  position: absolute; top: -2px; bottom: -2px; left: calc(var(--cm-start) * var(--cm-cell));
  width: calc(var(--cm-length) * var(--cm-cell)); border: 2px dashed var(--cm-glow); border-radius: 10px;
  background: color-mix(in oklab, var(--cm-accent) 26%, transparent); pointer-events: none; z-index: 2;
}
.cm-loop .cm-lane-hint {
  position: sticky; left: calc(var(--cm-head) + 8px); height: 100%; padding: 0 12px; border: 0; background: none;
  color: var(--cm-soft); cursor: pointer; font-size: 12px;
}
.cm-loop[data-narrow] .cm-palette-letter { display: none; }
.cm-loop[data-narrow] .cm-palette-chords { display: grid; grid-template-columns: repeat(5, 1fr); width: 100%; }
.cm-loop[data-narrow] .cm-palette-chord { justify-content: center; padding: 0 4px; }
.cm-loop[data-narrow] .cm-presets { width: 100%; }
.cm-loop[data-narrow] .cm-preset { flex: 1; }
@media (pointer: coarse) {
  .cm-loop .cm-palette-chord { height: 36px; padding: 0 12px 0 8px; }
  .cm-loop .cm-preset { height: 34px; }
  .cm-loop[data-medium] .cm-palette-chord { gap: 4px; padding: 0 7px 0 5px; }
.cm-loop[data-snug] .cm-preset { padding: 0 7px; }
.cm-loop .cm-chip-end { width: 18px; }
}
@media (forced-colors: active) {
  .cm-loop .cm-chip, .cm-loop .cm-palette-chord { border-color: ButtonText; }
  .cm-loop .cm-chip.cm-sounding { outline: 2px solid Highlight; }
  .cm-loop .cm-role { forced-color-adjust: none; background: CanvasText; color: Canvas; }
}
`;
