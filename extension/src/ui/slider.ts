/** A slider that writes one setting: one gesture from the first move to the release. */

import type { LoopEdit } from "../core/loop_store.js";
import type { Loop } from "../gen/models.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { beginGesture, type Editing, type GestureOf } from "./scene.js";

export interface SliderPlan<S = Loop, E = LoopEdit> {
  /** For screen readers: "kick level". */
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Equal ratios, not equal differences, along the slider: for frequencies and times. */
  readonly logarithmic?: boolean;
  /** The fill begins here: the middle, for a pan. */
  readonly origin?: number;
  readonly className?: string;
  value(source: S): number;
  write(edit: E, value: number): void;
  code(value: number): string;
  say(value: number): string;
}

export interface Slider<S = Loop> {
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  update(source: S): void;
}

/** Where the slider stands in the plan's range, 0 … 1. */
export function positionOf(plan: Pick<SliderPlan, "low" | "high" | "logarithmic">, value: number): number {
  const held = Math.max(plan.low, Math.min(plan.high, value));
  if (plan.logarithmic === true) {
    const low = Math.max(plan.low, plan.high / 10000);
    return held <= low ? 0 : Math.log(held / low) / Math.log(plan.high / low);
  }
  return (held - plan.low) / (plan.high - plan.low);
}

/** The value at a position, rounded to the plan's step, or to three digits on a long scale. */
export function valueAt(plan: Pick<SliderPlan, "low" | "high" | "step" | "logarithmic">, at: number): number {
  if (plan.logarithmic === true) {
    const low = Math.max(plan.low, plan.high / 10000);
    const value = at <= 0 ? plan.low : low * (plan.high / low) ** at;
    return Number(value.toPrecision(3));
  }
  const value = plan.low + at * (plan.high - plan.low);
  return Number((Math.round(value / plan.step) * plan.step).toFixed(4));
}

export function createSlider<E, S = Loop>(scene: Editing<E>, plan: SliderPlan<S, E>): Slider<S> {
  const input = h("input", {
    type: "range", min: 0, max: 1, step: "any", class: `cm-slider ${plan.className ?? ""}`,
    "aria-label": plan.label,
  });
  const output = h("output", { class: "cm-output" });
  let gesture: GestureOf<E> | null = null;
  const show = (value: number): void => {
    const at = positionOf(plan, value);
    const origin = positionOf(plan, plan.origin ?? plan.low);
    input.style.setProperty("--cm-from", `${Math.min(origin, at) * 100}%`);
    input.style.setProperty("--cm-at", `${Math.max(origin, at) * 100}%`);
    setAttribute(input, "aria-valuetext", plan.say(value));
    setText(output, plan.say(value));
  };
  const write = (value: number): void => {
    gesture ??= beginGesture(scene);
    plan.write(gesture.edit, value);
    show(value);
  };
  const finish = (value: number): void => {
    gesture?.end(plan.code(value));
    gesture = null;
  };
  on(input, "input", () => write(valueAt(plan, Number(input.value))), scene.signal);
  on(input, "change", () => finish(valueAt(plan, Number(input.value))), scene.signal);
  on(input, "keydown", (event) => {
    const at = keyedPosition(event.key, Number(input.value));
    if (at === null || !scene.store.editable) return;
    event.preventDefault();
    event.stopPropagation();
    input.value = String(at);
    write(valueAt(plan, at));
    finish(valueAt(plan, at));
  }, scene.signal);
  return {
    input,
    output,
    update(source: S): void {
      const value = plan.value(source);
      if (gesture === null) input.value = String(positionOf(plan, value));
      show(value);
      input.disabled = !scene.store.editable;
    },
  };
}

/** A slider without steps has no use of arrow keys in some browsers: these are ours. */
export function keyedPosition(key: string, at: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: at + 0.02, ArrowUp: at + 0.02, ArrowLeft: at - 0.02, ArrowDown: at - 0.02,
    PageUp: at + 0.1, PageDown: at - 0.1, Home: 0, End: 1,
  };
  const moved = moves[key];
  return moved === undefined ? null : Math.max(0, Math.min(1, moved));
}
