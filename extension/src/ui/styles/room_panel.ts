/** The whole room: head, tabs, chat, comments, history. From 230 px on. */

export const ROOM_PANEL = `
.cm-room { container: cm-room / inline-size; display: flex; flex-direction: column; gap: 8px; height: 100%; max-width: none; margin: 0; padding: 10px 0 0; border: 0; border-radius: 0; background: var(--cm-surface); box-shadow: none; overflow: hidden; }
.cm-room > *, .cm-room > .cm-conflicts:not(:empty) { margin-inline: 12px; }
.cm-room .cm-room-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; }
.cm-room .cm-room-name { flex: 1 1 110px; min-width: 0; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font: 650 15px/1.4 var(--cm-font); letter-spacing: -.01em; }
.cm-room .cm-room-strip { margin-left: 0; }
.cm-room > [aria-label="Drafts"], .cm-room .cm-card, .cm-room .cm-away, .cm-loop .cm-state-body [aria-label="Drafts"] {
  padding: 8px 10px; border: 1px solid var(--cm-line); border-radius: 10px; background: var(--cm-wash); font-size: 12.5px;
}
.cm-room > [aria-label="Drafts"] { border-color: var(--cm-error); max-height: 40%; overflow: auto; flex: none; }
.cm-loop .cm-draft + .cm-draft { margin-top: 8px; padding-top: 8px; border-top: 1px solid var(--cm-line); }
.cm-loop .cm-draft .cm-actions { margin-top: 4px; }
.cm-room .cm-away { border-color: var(--cm-glow); max-height: 40%; overflow: auto; flex: none; }
.cm-room .cm-section-head { display: flex; align-items: center; gap: 6px; min-height: 28px; }
.cm-room .cm-section-head h4 { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.cm-room .cm-section-head .cm-quiet { min-width: 26px; height: 26px; padding: 0; }
.cm-room .cm-section-head .cm-glyph { width: 15px; height: 15px; }

.cm-room .cm-tabs { display: flex; flex-direction: column; flex: 1; min-height: 0; margin-inline: 0; }
.cm-room .cm-tablist { display: flex; padding: 0 6px; border-bottom: 1px solid var(--cm-line); }
.cm-room .cm-tab {
  flex: 0 1 auto; min-width: 0; display: inline-flex; align-items: center; justify-content: center; gap: 4px; padding: 7px 8px 6px; border: 0; border-bottom: 2px solid transparent; background: none;
  color: var(--cm-soft); cursor: pointer; font-size: 12.5px;
}
.cm-room .cm-tab:hover { color: var(--cm-ink); }
.cm-room .cm-tab[aria-selected="true"] { border-bottom-color: var(--cm-glow); color: var(--cm-ink); font-weight: 650; }
.cm-room .cm-tab:focus-visible { outline-offset: -2px; }
.cm-room .cm-unread { min-width: 15px; padding: 0 4px; border-radius: 8px; background: color-mix(in oklab, var(--cm-accent) 26%, var(--cm-surface)); color: var(--cm-ink); font-size: 10.5px; font-weight: 650; line-height: 15px; }
.cm-room .cm-tabpanel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
.cm-room .cm-scroll { flex: 1; min-height: 0; overflow: auto; padding: 10px 12px 14px; scrollbar-width: thin; }
.cm-room .cm-scroll > * + * { margin-top: 14px; }
.cm-room .cm-chat-box { flex: 1; min-height: 0; display: flex; flex-direction: column; }
.cm-room .cm-card .cm-select { max-width: 100%; }
.cm-room .cm-keeping { display: flex; align-items: center; gap: 6px; margin-bottom: 3px; cursor: pointer; }
.cm-room .cm-keeping input { margin: 0; accent-color: var(--cm-glow); }
.cm-room .cm-in-row ~ .cm-standing { margin-top: 6px; }
.cm-room .cm-standing { color: var(--cm-soft); font-size: 12.5px; }
.cm-loop .cm-composer { display: flex; flex-direction: column; gap: 6px; }
.cm-room .cm-chat-box > .cm-composer, .cm-room .cm-new-comment { padding: 8px 12px 10px; border-top: 1px solid var(--cm-line); background: var(--cm-wash); }
.cm-room .cm-new-comment { display: flex; flex-direction: column; gap: 6px; }
.cm-room .cm-where { font-size: 12.5px; font-weight: 600; }
.cm-room .cm-where-words { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.cm-loop .cm-write {
  width: 100%; min-height: 44px; max-height: 180px; padding: 6px 9px; border: 1px solid var(--cm-line); border-radius: 9px; background: var(--cm-surface); color: var(--cm-ink);
  font: 13px/1.4 var(--cm-font); resize: vertical; field-sizing: content;
}
.cm-loop .cm-write:focus-visible { outline: 2px solid var(--jp-brand-color1, light-dark(#1565c0, #7cb8ff)); outline-offset: -1px; }
.cm-loop .cm-composer .cm-send-words { margin-left: auto; font-weight: 600; }
.cm-loop .cm-composer .cm-send-words[aria-busy] { opacity: .5; }

.cm-room .cm-chat { display: flex; flex-direction: column; gap: 2px; outline-offset: 4px; }
.cm-room .cm-line { display: grid; grid-template-columns: 26px 1fr; column-gap: 9px; margin-top: 8px; }
.cm-room .cm-line .cm-avatar { grid-row: 1 / 3; }
.cm-room .cm-line[data-goes-on] { margin-top: 0; }
.cm-room .cm-line[data-goes-on] :is(.cm-avatar, .cm-line-head) { display: none; }
.cm-room .cm-line[data-goes-on] .cm-line-text { grid-column: 2; }
.cm-loop .cm-line-head { font-size: 12.5px; } .cm-loop .cm-line-head .cm-soft { font-size: 11px; font-variant-numeric: tabular-nums; }
.cm-loop .cm-line-text { font-size: 13px; line-height: 1.42; white-space: pre-wrap; overflow-wrap: anywhere; }
.cm-loop .cm-comment { padding: 9px 0 7px; border-top: 1px solid var(--cm-line); outline-offset: 2px; }
.cm-loop .cm-comment:first-child { border-top: 0; padding-top: 2px; }
.cm-loop .cm-comment > .cm-bar-link { margin-bottom: 5px; }
.cm-loop .cm-comment .cm-line-head { display: flex; align-items: center; gap: 7px; }
.cm-loop .cm-comment .cm-avatar { width: 20px; height: 20px; font-size: 8.5px; }
.cm-loop .cm-comment .cm-line-text { margin: 3px 0 2px; }
.cm-loop .cm-comment[data-resolved] .cm-comment-said { opacity: .6; }
.cm-loop .cm-comment[data-gone] > .cm-bar-link { text-decoration: line-through; font-weight: 500; }
.cm-loop .cm-actions .cm-more:first-child { margin-left: -4px; }
.cm-loop .cm-answers { margin: 6px 0 4px; padding-left: 12px; border-left: 2px solid var(--cm-line); display: flex; flex-direction: column; gap: 8px; }
.cm-loop .cm-replies { display: flex; flex-direction: column; gap: 8px; }
.cm-room .cm-check { font-size: 12px; }

.cm-room .cm-mix-strip { display: grid; grid-template-columns: minmax(0, 1fr) 24px 24px minmax(48px, 84px) 26px; align-items: center; gap: 4px; min-height: 30px; }
.cm-room .cm-mix-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-left: 8px; border-left: 3px solid var(--cm-tone); font-size: 12.5px; }
.cm-room .cm-mix-strip .cm-slider { width: 100%; --cm-fill: var(--cm-soft); }
.cm-room .cm-mix-strip :is(.cm-mute, .cm-solo) { width: 24px; height: 24px; padding: 0; border: 1px solid var(--cm-line); border-radius: 6px; background: none; color: var(--cm-soft); cursor: pointer; font-size: 11px; font-weight: 650; }
.cm-room .cm-mix-strip .cm-mute[aria-pressed="true"] { background: light-dark(#ffd9d4, #6b2a23); color: var(--cm-ink); border-color: transparent; }
.cm-room .cm-mix-strip .cm-solo[aria-pressed="true"] { background: light-dark(#ffe9a8, #6b551a); color: var(--cm-ink); border-color: transparent; }
.cm-room .cm-mix-strip .cm-output { min-width: 0; text-align: right; }
.cm-room .cm-mix-box > p { font-size: 12px; }

.cm-room .cm-fold > summary { display: list-item; padding: 2px 0; cursor: pointer; }
.cm-room .cm-fold > summary h4 { display: inline; }
.cm-room .cm-fold[open] > summary { margin-bottom: 6px; }
.cm-room .cm-fold .cm-text { flex: 1 1 110px; min-width: 0; height: 28px; padding: 0 8px; border: 1px solid var(--cm-line); border-radius: 7px; background: var(--cm-surface); color: var(--cm-ink); font-size: 13px; }
.cm-room .cm-past-line { display: grid; grid-template-columns: 26px minmax(0, 1fr) auto; gap: 9px; padding: 7px 0; border-top: 1px solid var(--cm-line); font-size: 13px; line-height: 1.35; }
.cm-room .cm-past-line:first-child { border-top: 0; }
.cm-room .cm-past-text { overflow-wrap: anywhere; } .cm-room .cm-past-text .cm-soft { font-size: 11.5px; }
.cm-room .cm-hear { width: 30px; min-width: 30px; height: 30px; padding: 0; border-radius: 50%; border: 1px solid var(--cm-line); }
.cm-room .cm-hear .cm-glyph { width: 14px; height: 14px; }
@media (pointer: coarse) {
  .cm-room .cm-mix-strip { grid-template-columns: minmax(0, 1fr) 44px 44px minmax(72px, 110px) 26px; min-height: 48px; }
  .cm-room .cm-mix-strip :is(.cm-mute, .cm-solo) { width: 44px; height: 44px; font-size: 13px; }
  .cm-room .cm-hear { width: 44px; height: 44px; }
  .cm-room :is(summary, .cm-keeping, .cm-check) { min-height: 44px; align-content: center; }
  .cm-room :is(.cm-keeping, .cm-check) input { width: 20px; height: 20px; }
}
.cm-room .cm-hear[aria-pressed="true"] { background: var(--cm-button); color: var(--cm-on-accent); border-color: transparent; }
.cm-room .cm-hearing:not(:has(:not([hidden]))) { display: none; }
.cm-room .cm-hearing p { margin-top: 6px; font-size: 12.5px; }
.cm-room .cm-card { display: flex; flex-direction: column; gap: 8px; }
.cm-room .cm-side { min-width: 40px; font-weight: 700; }
.cm-room .cm-side[aria-pressed="true"] { background: var(--cm-button); color: var(--cm-on-accent); border-color: transparent; }
.cm-room .cm-changes { display: flex; flex-direction: column; gap: 4px; max-height: 220px; overflow: auto; font-size: 12.5px; overflow-wrap: anywhere; }
.cm-room .cm-happening, .cm-room .cm-away .cm-happening { display: flex; gap: 9px; padding: 4px 0; font-size: 12.5px; overflow-wrap: anywhere; }
.cm-room .cm-happening .cm-avatar { width: 20px; height: 20px; font-size: 8.5px; }
.cm-room .cm-share { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; align-items: center; gap: 4px 8px; padding: 5px 0; font-size: 12.5px; }
.cm-room .cm-share .cm-avatar { width: 20px; height: 20px; font-size: 8.5px; }
.cm-room .cm-share-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.cm-room .cm-share-bar { grid-column: 1 / 4; height: 6px; border-radius: 3px; background: linear-gradient(to right, var(--cm-person) calc(var(--cm-share) * 100%), var(--cm-faint) 0); }
@container cm-room (min-width: 640px) {
  .cm-room .cm-tabpanel > *:not(.cm-chat-box), .cm-room .cm-chat-box { width: min(720px, 100%); }
  .cm-room .cm-tab { padding-inline: 14px; font-size: 13.5px; }
}
@container cm-room (max-width: 300px) {
  .cm-room .cm-tablist { padding: 0 2px; }
  .cm-room .cm-tab { padding-inline: 5px; font-size: 12px; flex: 1 1 auto; }
}
@media (forced-colors: active) {
  .cm-room .cm-tab[aria-selected="true"] { border-bottom-color: Highlight; }
  .cm-room .cm-share-bar { forced-color-adjust: none; }
  .cm-room .cm-hear[aria-pressed="true"], .cm-room .cm-side[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
.cm-room .cm-waiting { display: grid; gap: 8px; margin: 8px 0 4px; padding: 8px 0 0; border-top: 1px dashed var(--cm-line); font-size: 13px; }
.cm-room .cm-waiting .cm-line-text { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.cm-room .cm-waiting :is(.cm-soft, .cm-problem) { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; font-size: 12px; }
.cm-room .cm-waiting .cm-glyph { width: 13px; height: 13px; }
`;
