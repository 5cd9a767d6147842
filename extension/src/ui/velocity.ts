/** Velocity as faces show it, 0.00 … 1.00, and as a step keeps it, 0 … 127. */

import type { Step } from "../gen/models.js";

/** What a new step sounds with, unless the hand has just chosen another velocity. */
export const USUAL = 100;

/** 0.79 for 100: two decimals. */
export function faceOf(velocity: number): number {
  return Math.round((velocity / 127) * 100) / 100;
}

/** 100 for 0.79; held within 0.01 … 1, since a step that is on can be heard. */
export function velocityOf(face: number): number {
  return Math.round(Math.max(0.01, Math.min(1, face)) * 127);
}

/** The velocity a drag of `rise` pixels upward makes of `start`; 120 pixels span the range. */
export function dragged(start: number, rise: number): number {
  return velocityOf(Math.round((faceOf(start) + rise / 120) * 100) / 100);
}

/** The next velocity up or down in steps of 0.05. */
export function nudged(velocity: number, steps: number): number {
  return velocityOf(Math.round(faceOf(velocity) * 20 + steps) / 20);
}

/** A plain step of this velocity. */
export function stepOf(velocity: number): Step {
  return { velocity, pitch: null, duration: null, probability: 1, offset: 0 };
}
