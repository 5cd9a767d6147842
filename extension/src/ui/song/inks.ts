/** Colours for drawing: the page's own, resolved, and those of items made of their colour. */

import { contrast } from "../accent.js";

/** The page's colours as a canvas takes them. */
export interface Inks {
  readonly surface: string;
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly wash: string;
  readonly line: string;
  readonly edge: string;
  readonly dark: boolean;
}

const NAMES = ["surface", "ink", "soft", "faint", "wash", "line", "edge"] as const;

/** Reads the colours that hold within an element. A probe resolves what a canvas cannot read. */
export function readInks(root: HTMLElement): Inks {
  const probe = root.ownerDocument.createElement("span");
  probe.hidden = true;
  root.append(probe);
  const style = getComputedStyle(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--cm-${name})`;
    return style.color;
  };
  const found = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Record<(typeof NAMES)[number], string>;
  probe.remove();
  return { ...found, dark: isDark(found.surface) };
}

/** Whether a resolved colour is a dark ground. */
export function isDark(color: string): boolean {
  const numbers = [...color.matchAll(/[\d.]+/g)].map(([text]) => Number(text));
  const [red = 255, green = 255, blue = 255] = numbers;
  const scale = color.startsWith("color(") ? 1 : 255;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / scale < 0.45;
}

/** A "#rrggbb" colour mixed with another: 0 is the first, 1 the second. */
export function mix(one: string, two: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const a = Number.parseInt(one.slice(at, at + 2), 16);
    const b = Number.parseInt(two.slice(at, at + 2), 16);
    return Math.round(a + (b - a) * share).toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** The colours of an item: its ground, its title, what is written there, and its marks. */
export interface ItemInks {
  readonly ground: string;
  readonly title: string;
  readonly text: string;
  readonly mark: string;
}

/** A ground as near to a colour as can be, on which its text has the contrast of WCAG's AA. */
function titleOn(color: string): { readonly title: string; readonly text: string } {
  const text = contrast(color, "#ffffff") >= contrast(color, "#14161b") ? "#ffffff" : "#14161b";
  const away = text === "#ffffff" ? "#000000" : "#ffffff";
  let title = color;
  for (let share = 0.04; contrast(title, text) < 4.5; share += 0.04) title = mix(color, away, share);
  return { title, text };
}

const kept = new Map<string, ItemInks>();

/** The inks of an item of a colour, on a light or a dark page. */
export function itemInks(color: string, dark: boolean): ItemInks {
  const key = `${color}${dark ? "d" : "l"}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const base = /^#[0-9a-f]{6}$/i.test(color) ? color : "#5b8def";
  const { title, text } = titleOn(dark ? mix(base, "#000000", 0.12) : base);
  const inks = {
    ground: mix(base, dark ? "#17181c" : "#ffffff", dark ? 0.7 : 0.74),
    title, text,
    mark: dark ? mix(base, "#ffffff", 0.28) : mix(base, "#000000", 0.3),
  };
  kept.set(key, inks);
  return inks;
}
