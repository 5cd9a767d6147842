/** The room in every view: signs of people, the state of the link, cursors, pins, notices. */

export const ROOM = `
.cm-loop :is(.cm-list) { list-style: none; margin: 0; padding: 0; }
.cm-loop :is(.cm-room-strip, .cm-panel, .cm-notice) p, .cm-room p { margin: 0; }
.cm-loop .cm-soft { color: var(--cm-soft); }
.cm-loop .cm-in-row { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; }
.cm-loop .cm-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; }
.cm-loop .cm-word, .cm-loop .cm-place-chip {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 28px; padding: 2px 10px; border: 1px solid var(--cm-line);
  border-radius: 8px; background: var(--cm-surface); color: var(--cm-ink); cursor: pointer; font-size: 12.5px; text-align: left;
}
.cm-loop .cm-word:hover, .cm-loop .cm-place-chip:hover { border-color: var(--cm-edge); background: var(--cm-pad); }
.cm-loop :is(.cm-word, .cm-join):disabled { opacity: .45; cursor: default; }
.cm-loop .cm-word .cm-glyph { width: 14px; height: 14px; }
.cm-loop .cm-place-chip { min-height: 24px; padding: 0 9px; border-radius: 12px; border-style: dashed; color: var(--cm-soft); font-size: 12px; }
.cm-loop .cm-place-chip[aria-pressed="true"] { border-style: solid; border-color: var(--cm-glow); background: color-mix(in oklab, var(--cm-accent) 20%, var(--cm-surface)); color: var(--cm-ink); font-weight: 600; }
.cm-loop .cm-more { padding: 1px 4px; border: 0; border-radius: 5px; background: none; color: var(--cm-soft); cursor: pointer; font-size: 12px; }
.cm-loop .cm-more:hover { color: var(--cm-ink); text-decoration: underline; }
.cm-loop .cm-more[data-asks] { color: var(--cm-error); font-weight: 600; }
.cm-loop .cm-bar-link {
  padding: 0 6px; border: 0; border-radius: 9px; background: color-mix(in oklab, var(--cm-accent) 18%, var(--cm-surface)); color: var(--cm-ink);
  cursor: pointer; font-size: 11.5px; font-weight: 600; line-height: 18px; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.cm-loop .cm-bar-link:hover { background: color-mix(in oklab, var(--cm-accent) 34%, var(--cm-surface)); }
.cm-loop .cm-bar-link[aria-disabled] { background: var(--cm-pad); color: var(--cm-soft); cursor: default; }
.cm-loop .cm-badge { padding: 0 6px; border: 1px solid var(--cm-line); border-radius: 8px; color: var(--cm-soft); font-size: 10.5px; font-weight: 500; line-height: 15px; white-space: nowrap; }
.cm-loop .cm-problem { color: var(--cm-error); font-size: 12.5px; overflow-wrap: anywhere; }
.cm-loop h4 { margin: 0; font: 650 12.5px/1.4 var(--cm-font); color: var(--cm-ink); }

.cm-loop .cm-room-strip { display: flex; align-items: center; gap: 8px; margin-left: auto; }
.cm-loop .cm-buttons .cm-room-strip { margin-left: 8px; }
.cm-song .cm-song-tools .cm-room-strip { margin-left: 0; order: 1; }
.cm-song .cm-song-tools .cm-zoom-tools { order: 2; }
.cm-song .cm-song-tools .cm-edit-tools { flex: 1; }
.cm-loop .cm-faces { display: inline-flex; align-items: center; padding: 2px 3px; border: 0; border-radius: 18px; background: none; cursor: pointer; }
.cm-loop .cm-faces:hover { background: var(--cm-pad-strong); }
.cm-loop .cm-avatar {
  position: relative; display: inline-grid; place-items: center; flex: none; width: 26px; height: 26px; border-radius: 50%; background: var(--cm-person, var(--cm-edge));
  color: var(--cm-on-person, #fff); font: 650 10.5px/1 var(--cm-font); letter-spacing: .01em; user-select: none; -webkit-user-select: none;
}
.cm-loop .cm-faces .cm-avatar { box-shadow: 0 0 0 2px var(--cm-surface); }
.cm-loop .cm-faces .cm-avatar + .cm-avatar { margin-left: 4px; }
.cm-loop .cm-avatar[data-activity="idle"] { opacity: .75; }
.cm-loop .cm-avatar[data-activity="editing"]::after, .cm-loop .cm-avatar[data-activity="listening"]::after {
  content: ""; position: absolute; right: -2px; bottom: -2px; width: 9px; height: 9px; border-radius: 50%; border: 2px solid var(--cm-surface); background: light-dark(#17834c, #6fcf97);
}
.cm-loop .cm-avatar[data-activity="listening"]::after { background: var(--cm-surface); box-shadow: inset 0 0 0 2px light-dark(#17834c, #6fcf97); }
.cm-loop .cm-avatar[data-via="kernel"] { border-radius: 7px; }
.cm-loop .cm-avatar-rest { background: var(--cm-faint); color: var(--cm-ink); }
.cm-loop .cm-state {
  display: inline-flex; align-items: center; gap: 5px; height: 26px; padding: 0 10px 0 7px; border: 1px solid var(--cm-state); border-radius: 13px; cursor: pointer;
  --cm-state: var(--cm-edge); background: color-mix(in oklab, var(--cm-state) 13%, var(--cm-surface)); color: var(--cm-ink); font-size: 12px; font-weight: 600; white-space: nowrap;
}
.cm-loop .cm-state .cm-glyph { width: 15px; height: 15px; color: color-mix(in oklab, var(--cm-state) 80%, var(--cm-ink)); }
.cm-loop .cm-state[data-state="live"] { --cm-state: light-dark(#17834c, #6fcf97); }
.cm-loop .cm-state[data-state="slow"] { --cm-state: light-dark(#b27300, #f2c14e); }
.cm-loop .cm-state[data-state="offline"] { --cm-state: light-dark(#566580, #aab6ca); border-style: dashed; }
.cm-loop .cm-state[data-state="read-only"] { --cm-state: light-dark(#566580, #aab6ca); }
.cm-loop .cm-state:is([data-state="refused"], [data-state="closed"]) { --cm-state: var(--cm-error); }
.cm-loop .cm-state[data-state="joining"] .cm-glyph { animation: cm-turn .9s linear infinite; }
.cm-loop .cm-state-drafts { min-width: 18px; margin-right: -4px; padding: 0 5px; border-radius: 9px; background: var(--cm-error); color: var(--cm-surface); font: 700 11px/18px var(--cm-font); text-align: center; }
.cm-loop .cm-state:hover { background: color-mix(in oklab, var(--cm-state) 24%, var(--cm-surface)); }
.cm-loop .cm-state-panel { width: 320px; }
.cm-loop .cm-state-body { display: flex; flex-direction: column; gap: 8px; font-size: 13px; }
.cm-loop .cm-state-body > .cm-word { align-self: flex-start; }
.cm-loop .cm-figures { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 0; font-size: 12px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-figures dt { color: var(--cm-soft); } .cm-loop .cm-figures dd { margin: 0; }
.cm-loop .cm-people-panel { width: 330px; }
.cm-loop .cm-people-panel > * + * { margin-top: 12px; }
.cm-loop .cm-threads { width: 340px; }

.cm-loop .cm-person { display: flex; align-items: center; gap: 10px; padding: 5px 0; }
.cm-loop .cm-person .cm-avatar { width: 30px; height: 30px; font-size: 11.5px; }
.cm-loop .cm-person-text { min-width: 0; line-height: 1.3; }
.cm-loop .cm-person-top { display: flex; align-items: baseline; gap: 6px; font-weight: 600; }
.cm-loop .cm-person-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.cm-loop .cm-person-text .cm-soft { display: block; font-size: 12px; overflow-wrap: anywhere; }
.cm-loop .cm-lead { display: flex; flex-direction: column; gap: 8px; }
.cm-loop .cm-join { height: 32px; }
.cm-loop .cm-join[aria-pressed="true"] { background: var(--cm-pad-strong); color: var(--cm-ink); box-shadow: inset 0 0 0 1px var(--cm-line); }
.cm-loop .cm-leader { font-weight: 600; }
.cm-loop .cm-pass { max-width: 150px; }
.cm-loop .cm-exactness summary { cursor: pointer; color: var(--cm-soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-exactness .cm-figures { margin-top: 6px; }
.cm-loop summary:focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); outline-offset: 2px; border-radius: 4px; }

.cm-loop .cm-conflicts { display: flex; flex-direction: column; gap: 6px; }
.cm-loop .cm-conflicts:not(:empty) { margin: 8px 0; }
.cm-loop .cm-notice {
  display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; padding: 8px 12px; border: 1px solid light-dark(#b27300, #f2c14e); border-radius: 10px;
  background: color-mix(in oklab, light-dark(#e09a2b, #ffc35c) 12%, var(--cm-surface)); font-size: 13px; overflow-wrap: anywhere;
}
.cm-loop .cm-notice > p { flex: 1 1 180px; }

.cm-loop .cm-closed { display: flex; align-items: center; gap: 8px; margin: 8px 0; padding: 7px 12px; border: 1px solid var(--cm-line); border-radius: 10px; background: var(--cm-pad); color: var(--cm-soft); font-size: 13px; }
.cm-loop .cm-closed .cm-glyph { width: 15px; height: 15px; }

.cm-loop .cm-cursors { position: absolute; inset: 0; z-index: 3; overflow: clip; pointer-events: none; }
.cm-loop > .cm-cursors { z-index: 8; }
.cm-loop .cm-cursor { position: absolute; left: 0; top: 0; pointer-events: none; color: var(--cm-on-person); will-change: transform; }
.cm-loop .cm-cursor[data-glides] { transition: transform .12s linear, width .12s linear, height .12s linear; }
.cm-loop .cm-cursor::before { content: ""; position: absolute; inset: 0; border-radius: 6px; box-shadow: 0 0 0 2px var(--cm-person), 0 0 0 3px color-mix(in srgb, var(--cm-surface) 70%, transparent); }
.cm-loop .cm-timeline .cm-cursor::before, .cm-loop .cm-cursor[data-shape="caret"]::before { border-radius: 1px; background: var(--cm-person); box-shadow: 0 0 0 1px color-mix(in srgb, var(--cm-surface) 70%, transparent); }
.cm-loop .cm-cursor-name {
  position: absolute; left: -2px; bottom: 100%; padding: 1px 6px; border-radius: 6px 6px 6px 0; background: var(--cm-person); font: 600 10.5px/15px var(--cm-font); white-space: nowrap;
  transition: opacity .3s;
}
.cm-loop .cm-cursor[data-low] .cm-cursor-name { bottom: auto; top: 100%; border-radius: 0 6px 6px 6px; }
.cm-loop .cm-timeline .cm-cursor-name { bottom: auto; top: 0; left: 2px; border-radius: 0 6px 6px 0; }
.cm-loop .cm-cursor[data-resting] .cm-cursor-name { opacity: 0; }
.cm-loop .cm-cursor[data-resting]::before { opacity: .6; }
.cm-loop .cm-pins { position: absolute; inset: 0; pointer-events: none; z-index: 2; }
.cm-loop .cm-pin {
  position: absolute; top: 2px; display: inline-flex; align-items: center; gap: 1px; height: 20px; min-width: 20px; margin-left: -4px; padding: 0 3px; border: 0; border-radius: 7px;
  background: light-dark(#e8b93d, #f2c94c); color: #201a05; cursor: pointer; pointer-events: auto; font: 650 11px/1 var(--cm-font); box-shadow: 0 1px 3px rgb(0 0 0 / 30%);
}
.cm-loop .cm-pin .cm-glyph { width: 14px; height: 14px; stroke-width: 2; }
.cm-loop .cm-pin:hover { transform: translateY(-1px); }
.cm-loop .cm-ruler .cm-pin { top: -3px; }
.cm-song .cm-timeline .cm-pin { margin-left: 16px; }
.cm-loop[data-narrow] .cm-room-strip, .cm-song[data-size="narrow"] .cm-room-strip { margin-left: 0; }
@media (pointer: coarse) {
  .cm-loop :is(.cm-word, .cm-place-chip, .cm-more, .cm-state, .cm-tab, .cm-join) { min-height: 44px; }
  .cm-loop .cm-place-chip { border-radius: 22px; }
  .cm-loop .cm-bar-link { position: relative; }
  .cm-loop .cm-bar-link::after { content: ""; position: absolute; inset: -13px -4px; }
  .cm-loop .cm-faces { min-height: 44px; min-width: 44px; }
  .cm-loop .cm-state { border-radius: 22px; }
}
@media (prefers-reduced-motion: reduce) {
  .cm-loop .cm-cursor[data-glides], .cm-loop .cm-cursor-name { transition: none; }
  .cm-loop .cm-state[data-state="joining"] .cm-glyph { animation: none; }
}
@media (forced-colors: active) {
  .cm-loop .cm-avatar, .cm-loop .cm-cursor-name { forced-color-adjust: none; outline: 1px solid CanvasText; }
  .cm-loop .cm-cursor { forced-color-adjust: none; outline: 2px solid Highlight; }
  .cm-loop .cm-pin { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .cm-loop .cm-place-chip[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;
