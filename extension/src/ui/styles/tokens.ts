/** Colours and measures: JupyterLab's where a page has them, quiet ones of our own elsewhere. */

export const TOKENS = `
.cm-loop {
  --cm-font: var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", sans-serif);
  --cm-mono: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace);
  --cm-surface: var(--jp-layout-color1, light-dark(#fff, #17181c));
  --cm-ink: var(--jp-ui-font-color1, light-dark(#24262b, #e9eaee));
  --cm-soft: color-mix(in srgb, var(--cm-ink) 68%, var(--cm-surface));
  --cm-faint: color-mix(in srgb, var(--cm-ink) 14%, var(--cm-surface));
  --cm-wash: color-mix(in srgb, var(--cm-ink) 5%, var(--cm-surface));
  --cm-line: var(--jp-border-color2, light-dark(#e0e0e4, #3a3c44));
  --cm-edge: color-mix(in srgb, var(--cm-ink) 45%, var(--cm-surface));
  --cm-pad: color-mix(in srgb, var(--cm-ink) 6%, var(--cm-surface));
  --cm-pad-strong: color-mix(in srgb, var(--cm-ink) 11%, var(--cm-surface));
  --cm-error: var(--jp-error-color1, light-dark(#c62828, #ff8a80));
  --cm-synth: light-dark(#3567dd, #7aa2ff);
  --cm-drum: light-dark(#d86300, #ffb35c);
  --cm-bass: light-dark(#8a45d3, #c58bff);
  --cm-fx: light-dark(#0a8566, #5fd6b4);
  --cm-tonic: light-dark(#17834c, #6fcf97);
  --cm-sub: light-dark(#946400, #f2c14e);
  --cm-dom: light-dark(#c93d2c, #ff7d6e);
  --cm-other: light-dark(#566580, #9aa7bd);
  --cm-glow: color-mix(in oklab, var(--cm-accent) 82%, light-dark(#000, #fff));
  --cm-row: 32px;
  --cm-radius: 10px;
  --cm-cell: 20px;
  --cm-head: 214px;
  --cm-cells: 16;
  --cm-beat: 4;
  --cm-bar: 16;
  --cm-tone: var(--cm-fx);
  font: 13px/1.35 var(--cm-font);
  color: var(--cm-ink);
}
[data-jp-theme-light="true"] .cm-loop { color-scheme: light; }
[data-jp-theme-light="false"] .cm-loop, body.vscode-dark .cm-loop { color-scheme: dark; }
.cm-loop [data-category="synth"] { --cm-tone: var(--cm-synth); }
.cm-loop [data-category="drum"] { --cm-tone: var(--cm-drum); }
.cm-loop [data-category="bass"] { --cm-tone: var(--cm-bass); }
.cm-loop [data-category="fx"] { --cm-tone: var(--cm-fx); }
.cm-loop [data-role="tonic"] { --cm-tone: var(--cm-tonic); }
.cm-loop [data-role="predominant"] { --cm-tone: var(--cm-sub); }
.cm-loop [data-role="dominant"] { --cm-tone: var(--cm-dom); }
.cm-loop [data-role="borrowed"] { --cm-tone: var(--cm-other); }
.cm-loop [data-role="none"], .cm-loop [data-role="variation"] { --cm-tone: var(--cm-soft); }
.cm-loop [data-role="unread"] { --cm-tone: var(--cm-error); }
`;
