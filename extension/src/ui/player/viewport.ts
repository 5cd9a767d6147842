/** Which stretch of the recording is seen, and where in it a pixel lies. Pure. */

export interface Viewport {
  /** Seconds at the left edge. */
  readonly from: number;
  /** Seconds that are seen. */
  readonly span: number;
}

/** The closest view, in seconds. */
export const CLOSEST = 0.05;

export function whole(duration: number): Viewport {
  return { from: 0, span: duration };
}

export function isWhole(view: Viewport, duration: number): boolean {
  return view.span >= duration * 0.999;
}

/** The view held within the recording. */
export function held(view: Viewport, duration: number): Viewport {
  const span = Math.min(Math.max(view.span, Math.min(CLOSEST, duration)), duration);
  return { from: Math.min(Math.max(view.from, 0), duration - span), span };
}

/** Closer by `factor` about a place, which stays where it is on the screen. */
export function zoomed(view: Viewport, factor: number, about: number, duration: number): Viewport {
  const span = Math.min(Math.max(view.span / factor, Math.min(CLOSEST, duration)), duration);
  const share = (about - view.from) / view.span;
  return held({ from: about - share * span, span }, duration);
}

/** The view that shows a place: as it is, or a page on, so that the eye need not follow. */
export function following(view: Viewport, place: number, duration: number): Viewport {
  if (place >= view.from && place <= view.from + view.span * 0.97) return view;
  return held({ from: place - view.span * 0.08, span: view.span }, duration);
}

/** 0 … 1 across the view; outside of it below 0 or above 1. */
export function shareOf(view: Viewport, seconds: number): number {
  return (seconds - view.from) / view.span;
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];

/** Seconds between two labels of the ruler, so that none stands on another. */
export function timeStep(view: Viewport, width: number, gap: number): number {
  const least = (view.span / Math.max(width, 1)) * gap;
  return STEPS.find((step) => step >= least) ?? 3600;
}

/** Every how many bars a label stands: 1, 2, 4, 8 … */
export function barStep(bars: readonly number[], view: Viewport, width: number, gap: number): number {
  const seen = bars.filter((bar) => bar >= view.from && bar <= view.from + view.span).length;
  const room = Math.max(Math.floor(width / gap), 1);
  return 2 ** Math.max(Math.ceil(Math.log2(Math.max(seen, 1) / room)), 0);
}
