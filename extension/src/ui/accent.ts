/** What can be read on a loop's colour. */

export interface Accent {
  readonly color: string;
  /** The ground of a button with words on it. */
  readonly button: string;
  /** Black or white, whichever reads on the colour. */
  readonly ink: string;
}

const LIGHT = "#ffffff";
const DARK = "#14161b";
/** The least contrast of a picture with its ground. */
const ENOUGH = 3;

/** The accent of a "#rrggbb" colour; the default blue where it is none. */
export function accentOf(text: string): Accent {
  const color = /^#[0-9a-f]{6}$/i.test(text) ? text : "#5b8def";
  const white = contrast(color, LIGHT) >= ENOUGH;
  return {
    color,
    button: white ? `color-mix(in oklab, ${color} 80%, #000)` : color,
    ink: white ? LIGHT : DARK,
  };
}

/** Contrast of two colours, 1 … 21 (WCAG 2.2). */
export function contrast(one: string, two: string): number {
  const [a, b] = [luminance(one), luminance(two)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
