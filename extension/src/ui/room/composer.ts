/** A field to write in: Enter sends, Shift+Enter breaks the line; it may point at a bar. */

import { h, on, setAttribute, setText } from "../dom.js";
import { barOf, createProblem, type RoomScene } from "./room_scene.js";

export interface Composer {
  readonly element: HTMLElement;
  readonly field: HTMLTextAreaElement;
  /** False where nothing may be written, with the reason. */
  allow(may: boolean, why: string): void;
}

export interface ComposerPlan {
  /** For screen readers: "Message". */
  readonly label: string;
  readonly hint: string;
  readonly button: string;
  /** Offers to point at the bar where the views stand. */
  readonly hasPlace: boolean;
  /** What is sent while the room is away waits by itself, and is shown beside this. */
  readonly waits?: boolean;
  send(text: string, tick: number | null): Promise<unknown>;
}

const MOST = 2000;

export function createComposer(scene: RoomScene, plan: ComposerPlan): Composer {
  const field = h("textarea", { class: "cm-write", rows: 2, maxlength: MOST, "aria-label": plan.label, placeholder: plan.hint });
  const send = h("button", { class: "cm-word cm-send-words", type: "button" }, plan.button);
  const place = createPlaceChip(scene);
  const problem = createProblem();
  const why = h("p", { class: "cm-soft" });
  let isSending = false;
  let refusal = "";
  const act = async (): Promise<void> => {
    const text = field.value.trim();
    if (text === "" || isSending || field.disabled) return;
    isSending = true;
    setAttribute(send, "aria-busy", "true");
    tell();
    const sending = plan.send(text, plan.hasPlace ? place.tick() : null);
    if (await problem.watch(plan.waits === true ? handedOver(scene, sending) : sending)) {
      field.value = "";
      place.clear();
    }
    isSending = false;
    setAttribute(send, "aria-busy", null);
    tell();
  };
  /** What keeps it from being sent: the rights, or that the room is away. */
  const tell = (): void => {
    const waits = isSending && scene.room.state === "offline";
    setText(why, waits ? "It is sent when the room is back, as long as this page stays open." : refusal);
    why.hidden = why.textContent === "";
  };
  scene.room.subscribe("state", tell, scene.signal);
  on(field, "keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void act();
  }, scene.signal);
  on(send, "click", () => void act(), scene.signal);
  return {
    field,
    element: h("div", { class: "cm-composer" }, field,
      h("div", { class: "cm-actions" }, ...(plan.hasPlace ? [place.element] : []), send), problem.element, why),
    allow(may: boolean, reason: string): void {
      field.disabled = !may;
      send.disabled = !may;
      refusal = may ? "" : reason;
      tell();
    },
  };
}

/** Ends with what is sent, or as soon as the room is away: then it waits elsewhere. */
function handedOver(scene: RoomScene, sending: Promise<unknown>): Promise<unknown> {
  const { room } = scene;
  const ending = new AbortController();
  const waits = new Promise<void>((resolve) => {
    const look = (): void => {
      if (room.state === "offline" || room.state === "joining") resolve();
    };
    room.subscribe("state", look, AbortSignal.any([ending.signal, scene.signal]));
    look();
  });
  return Promise.race([sending, waits]).finally(() => ending.abort());
}

interface PlaceChip {
  readonly element: HTMLElement;
  tick(): number | null;
  clear(): void;
}

/** "at bar 5": pressed, what is written points there. The bar is where the views stand. */
function createPlaceChip(scene: RoomScene): PlaceChip {
  const button = h("button", { class: "cm-place-chip", type: "button", "aria-pressed": "false" });
  let pinned: number | null = null;
  const show = (): void => {
    setText(button, `at bar ${barOf(scene, pinned ?? scene.spot.tick)}`);
    setAttribute(button, "aria-pressed", String(pinned !== null));
    setAttribute(button, "title", pinned === null ? "Point at the bar where you stand" : "It points there; press to point nowhere");
  };
  on(button, "click", () => {
    pinned = pinned === null ? scene.spot.tick : null;
    show();
  }, scene.signal);
  scene.spot.on("moved", show, scene.signal);
  scene.music?.store.subscribe(show, scene.signal);
  show();
  return {
    element: button,
    tick: () => pinned,
    clear(): void {
      pinned = null;
      show();
    },
  };
}
