/** Comments where they belong: pins over a field, each with how many there are; a click opens them. */

import type { Comment } from "../../core/room_api.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { createPanel } from "../popover.js";
import { commentsOf } from "./comment_shelf.js";
import { createThread, type Thread } from "./comment_thread.js";
import type { RoomScene } from "./room_scene.js";

export interface PinPlan {
  /** What the pins lie over. */
  readonly host: HTMLElement;
  /** Where a comment is pinned: comments with one key share a pin; null where it has no place here. */
  pinOf(comment: Comment): { readonly key: string; readonly left: string; readonly words: string } | null;
}

export interface Pins {
  /** Puts them where they belong now. */
  update(): void;
}

export function createPins(scene: RoomScene, plan: PinPlan): Pins {
  const shelf = commentsOf(scene);
  const layer = h("div", { class: "cm-pins", role: "group", "aria-label": "Comments" });
  plan.host.append(layer);
  scene.signal.addEventListener("abort", () => layer.remove());
  const panel = createThreads(scene);
  const pins = new Map<string, HTMLButtonElement>();
  let open = "";
  const update = (): void => {
    const groups = new Map<string, { left: string; words: string; comments: Comment[] }>();
    for (const comment of shelf.comments) {
      const pin = comment.isResolved || comment.place.isGone ? null : plan.pinOf(comment);
      if (pin === null) continue;
      const group = groups.get(pin.key) ?? { ...pin, comments: [] };
      group.comments.push(comment);
      groups.set(pin.key, group);
    }
    for (const [key, button] of pins) {
      if (groups.has(key)) continue;
      button.remove();
      pins.delete(key);
    }
    for (const [key, { left, words, comments }] of groups) {
      const button = pins.get(key) ?? create(key);
      button.style.left = left;
      const [first] = comments;
      setText(button.lastElementChild ?? button, comments.length > 1 ? String(comments.length) : "");
      setAttribute(button, "aria-label", `${comments.length === 1 ? "Comment" : `${comments.length} comments`} at ${words}: ${first?.author.name ?? ""}, ${first?.text ?? ""}`);
      setAttribute(button, "title", `${first?.author.name ?? ""}: ${first?.text ?? ""}`);
      if (key === open) panel.show(comments, words);
    }
    layer.hidden = groups.size === 0;
  };
  const create = (key: string): HTMLButtonElement => {
    const button = h("button", { class: "cm-pin", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" }, glyph("pin"), h("span", {}));
    on(button, "pointerdown", (event) => event.stopPropagation(), scene.signal);
    on(button, "click", () => {
      open = key;
      update();
      panel.open(button);
    }, scene.signal);
    pins.set(key, button);
    layer.append(button);
    return button;
  };
  shelf.subscribe(update, scene.signal);
  update();
  return { update };
}

interface Threads {
  show(comments: readonly Comment[], words: string): void;
  open(anchor: HTMLElement): void;
}

function createThreads(scene: RoomScene): Threads {
  const panel = createPanel("Comments", "cm-threads", scene.signal);
  const title = h("h3", { class: "cm-panel-title" });
  const list = h("ul", { class: "cm-list cm-comments" });
  panel.element.append(title, list);
  scene.root.append(panel.element);
  const threads = new Map<string, Thread>();
  return {
    show(comments, words): void {
      setText(title, `Comments at ${words}`);
      for (const [id, thread] of threads) {
        if (comments.some((comment) => comment.id === id)) continue;
        thread.element.remove();
        threads.delete(id);
      }
      for (const comment of comments) {
        const thread = threads.get(comment.id) ?? createThread(scene, comment);
        threads.set(comment.id, thread);
        thread.update(comment);
        if (thread.element.parentElement === null) list.append(thread.element);
      }
      if (comments.length === 0) panel.close();
    },
    open: (anchor) => panel.open(anchor),
  };
}
