/** The drawer of a row. */

export const DRAWER = `
.cm-loop .cm-drawer-row { display: block; }
.cm-loop .cm-drawer-cell { position: sticky; left: 0; width: var(--cm-view, 100%); z-index: 5; }
.cm-loop .cm-drawer {
  position: relative; display: flex; flex-wrap: wrap; gap: 10px 22px; margin: 4px 0 8px; padding: 12px 44px 12px 14px;
  border: 1px solid color-mix(in oklab, var(--cm-tone) 35%, var(--cm-surface)); border-radius: 12px;
  background: color-mix(in oklab, var(--cm-tone) 5%, var(--cm-surface)); --cm-fill: var(--cm-tone);
  animation: cm-open .18s ease-out;
}
@keyframes cm-open { from { opacity: 0; transform: translateY(-6px); } }
.cm-loop .cm-section { display: flex; flex-direction: column; gap: 4px; min-width: 0; margin: 0; padding: 0; border: 0; flex: 1 1 186px; max-width: 260px; }
.cm-loop .cm-section-name { color: color-mix(in oklab, var(--cm-tone) 74%, var(--cm-ink)); font-size: 12px; font-weight: 680; margin-bottom: 2px; }
.cm-loop .cm-section .cm-select { width: 100%; max-width: none; margin-bottom: 2px; }
.cm-loop .cm-knob { display: grid; grid-template-columns: 68px 1fr 58px; align-items: center; gap: 6px; height: 24px; }
.cm-loop .cm-knob-name { color: var(--cm-soft); font-size: 12px; }
.cm-loop .cm-knob .cm-slider { width: 100%; min-width: 0; }
.cm-loop .cm-knob .cm-output { text-align: right; white-space: nowrap; }
.cm-loop .cm-shut { position: absolute; top: 6px; right: 6px; }
.cm-loop .cm-clear { align-self: flex-start; margin-left: -7px; }
.cm-loop .cm-clear .cm-glyph { width: 15px; height: 15px; }
.cm-loop .cm-drawer-switches { display: none; gap: 6px; }
.cm-loop[data-narrow] .cm-drawer-switches { display: flex; }
.cm-loop .cm-drawer-switches button { display: block !important; width: auto; height: 34px; padding: 0 14px; font-size: 12px; font-weight: 600; }
.cm-loop .cm-curve { display: block; width: 100%; height: 36px; border-radius: 7px; background: color-mix(in oklab, var(--cm-tone) 8%, var(--cm-surface)); }
.cm-loop .cm-curve-line { fill: none; stroke: var(--cm-tone); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.cm-loop .cm-curve-area { fill: color-mix(in oklab, var(--cm-tone) 22%, transparent); }
.cm-loop[data-narrow] .cm-section { max-width: none; flex-basis: 100%; }
.cm-loop[data-narrow] .cm-knob { height: 34px; }
`;
