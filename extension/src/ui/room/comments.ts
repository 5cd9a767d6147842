/** Comments by place, each with its thread: open ones first, settled ones on request. */

import type { Comment, CommentTarget } from "../../core/room_api.js";
import { h, on, setAttribute, setText } from "../dom.js";
import type { Tab } from "./chat.js";
import { commentsOf, type CommentShelf } from "./comment_shelf.js";
import { createThread, type Thread } from "./comment_thread.js";
import { createComposer } from "./composer.js";
import { createStanding } from "./live_list.js";
import { barOf, wordButton, type RoomScene } from "./room_scene.js";

export function createComments(scene: RoomScene, show: () => void): Tab {
  return new Comments(scene, show);
}

class Comments implements Tab {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "cm-list cm-comments", "aria-label": "Comments" });
  private readonly threads = new Map<string, Thread>();
  private readonly shelf: CommentShelf;
  private readonly standing;
  private readonly resolved = h("input", { type: "checkbox" });
  private readonly where: Where;
  private tell: (count: number) => void = () => undefined;

  constructor(private readonly scene: RoomScene, private readonly toFront: () => void) {
    this.shelf = commentsOf(scene);
    this.standing = createStanding(scene, "No comments. Select something or stand at a bar, and write what you hear.");
    this.where = createWhere(scene);
    const composer = createComposer(scene, {
      label: "Comment", hint: "What do you hear there?", button: "Comment", hasPlace: false,
      send: (text) => scene.api.comment(text, this.where.target()).then(() => this.where.follow()),
    });
    const settledOnes = h("label", { class: "cm-check" }, this.resolved, "Show settled");
    this.element = h("div", { class: "cm-chat-box" },
      h("div", { class: "cm-scroll" }, settledOnes, this.standing.element, this.list),
      h("div", { class: "cm-new-comment" }, this.where.element, composer.element));
    const allow = (): void => composer.allow(scene.room.may.has("comment.add"), "You may read here, and not comment.");
    scene.room.subscribe("rights", allow, scene.signal);
    allow();
    on(this.resolved, "change", () => this.draw(), scene.signal);
    this.shelf.subscribe(() => this.draw(), scene.signal);
    scene.spot.on("comment", (id) => this.open(id), scene.signal);
    scene.spot.on("begin", ({ target, words }) => {
      this.toFront();
      this.where.fix(target, words);
      composer.field.focus();
    }, scene.signal);
    this.draw();
  }

  onUnread(changed: (count: number) => void): void {
    this.tell = changed;
    this.draw();
  }

  private open(id: string): void {
    this.toFront();
    const found = this.shelf.comments.find((comment) => comment.id === id);
    if (found?.isResolved === true) this.resolved.checked = true;
    this.draw();
    this.threads.get(id)?.open();
  }

  private draw(): void {
    if (this.shelf.failure !== null) {
      void this.standing.load(async () => {
        await this.shelf.load();
        if (this.shelf.failure !== null) throw this.shelf.failure;
      });
      return;
    }
    const shown = this.shelf.comments.filter((comment) => this.resolved.checked || !comment.isResolved);
    this.standing.showEmpty(this.shelf.isLoaded && shown.length === 0);
    for (const [id, thread] of this.threads) {
      if (shown.some((comment) => comment.id === id)) continue;
      thread.element.remove();
      this.threads.delete(id);
    }
    shown.forEach((comment, at) => {
      const thread = this.threads.get(comment.id) ?? createThread(this.scene, comment);
      this.threads.set(comment.id, thread);
      thread.update(comment);
      if (this.list.children[at] !== thread.element) this.list.insertBefore(thread.element, this.list.children[at] ?? null);
    });
    this.tell(this.shelf.comments.filter((comment: Comment) => !comment.isResolved).length);
  }
}

interface Where {
  readonly element: HTMLElement;
  target(): CommentTarget;
  fix(target: CommentTarget, words: string): void;
  follow(): void;
}

/** "on bar 5": where the views stand, what is selected there, or the whole song. */
function createWhere(scene: RoomScene): Where {
  const words = h("span", { class: "cm-where-words" });
  const whole = wordButton("on the whole song", () => {
    fixed = fixed?.target.kind === "song" ? null : { target: { kind: "song" }, words: "the whole song" };
    show();
  }, scene.signal, "cm-place-chip");
  let fixed: { readonly target: CommentTarget; readonly words: string } | null = null;
  const here = (): { readonly target: CommentTarget; readonly words: string } => {
    const tick = scene.spot.tick;
    return fixed ?? scene.spot.selected ?? { target: { kind: "bar", tick }, words: `bar ${barOf(scene, tick)}` };
  };
  const show = (): void => {
    setText(words, `on ${here().words}`);
    setAttribute(whole, "aria-pressed", String(fixed?.target.kind === "song"));
  };
  scene.spot.on("moved", show, scene.signal);
  show();
  return {
    element: h("div", { class: "cm-in-row cm-where" }, words, whole),
    target: () => here().target,
    fix(target, name): void {
      fixed = { target, words: name };
      show();
    },
    follow(): void {
      fixed = null;
      show();
    },
  };
}
