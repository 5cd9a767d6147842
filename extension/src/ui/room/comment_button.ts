/** A comment from where one stands: on what is selected, or on the bar. */

import { h, on, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { createPanel } from "../popover.js";
import { createComposer } from "./composer.js";
import { barOf, type RoomScene } from "./room_scene.js";
import type { CommentTarget } from "../../core/room_api.js";

export function createCommentButton(scene: RoomScene): HTMLElement {
  const button = h("button", { class: "cm-quiet cm-comment-here", type: "button", "aria-label": "Comment here", title: "Comment on the bar, or on what is selected", "aria-haspopup": "dialog", "aria-expanded": "false" }, glyph("pin"));
  const panel = createPanel("Comment", "cm-threads", scene.signal);
  const title = h("h3", { class: "cm-panel-title" });
  let target: CommentTarget = { kind: "song" };
  const composer = createComposer(scene, {
    label: "Comment", hint: "What do you hear there?", button: "Comment", hasPlace: false,
    send: async (text) => {
      await scene.api.comment(text, target);
      panel.close();
      scene.announce("The comment is there");
    },
  });
  composer.field.dataset["first"] = "";
  panel.element.append(title, composer.element);
  scene.root.append(panel.element);
  on(button, "click", () => {
    const { tick, selected } = scene.spot;
    target = selected?.target ?? { kind: "bar", tick };
    setText(title, `Comment on ${selected?.words ?? `bar ${barOf(scene, tick)}`}`);
    composer.allow(scene.room.may.has("comment.add"), "You may read here, and not comment.");
    panel.open(button);
  }, scene.signal);
  return button;
}
