/** What is done in the room, newest first. */

import type { Happening } from "../../core/room_api.js";
import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { createStanding, keepLoadedWhenSeen } from "./live_list.js";
import { wordButton, type RoomScene } from "./room_scene.js";
import { ago, clockTime } from "./words.js";

export function createActivity(scene: RoomScene): { readonly element: HTMLElement } {
  const list = h("ol", { class: "cm-list cm-activity", "aria-label": "Activity" });
  const standing = createStanding(scene, "Nothing has been done yet.");
  let before: string | null = null;
  let hasOlder = false;
  const known = new Map<string, Happening>();
  const load = async (from: string | null): Promise<void> => {
    const { items, before: next } = await scene.api.activity(from);
    for (const item of items) known.set(item.id, item);
    if (from !== null || !hasOlder) before = next;
    if (from !== null) hasOlder = true;
    more.hidden = before === null;
    draw();
  };
  const more = wordButton("Earlier", () => standing.load(() => load(before)), scene.signal);
  more.hidden = true;
  const draw = (): void => {
    const items = [...known.values()].sort((a, b) => b.seq - a.seq);
    standing.showEmpty(items.length === 0);
    items.forEach((item, at) => {
      const standing = list.children[at] as HTMLElement | undefined;
      if (standing?.dataset["id"] === item.id) return;
      list.insertBefore(drawHappening(item), standing ?? null);
      for (const twice of [...list.children].slice(at + 1)) {
        if ((twice as HTMLElement).dataset["id"] === item.id) twice.remove();
      }
    });
  };
  const element = h("div", {}, standing.element, list, more);
  keepLoadedWhenSeen(scene, element, ["activity"], () => void standing.load(() => load(null)));
  return { element };
}

function drawHappening({ id, author, words, at }: Happening): HTMLElement {
  const time = h("time", { class: "cm-soft", datetime: at, title: clockTime(at, Date.now()) }, ago(at, Date.now()));
  const name = author?.name ?? "Somebody";
  return h("li", { class: "cm-happening", "data-id": id },
    drawAvatar(author ?? { name: "", color: "" }),
    h("p", {}, h("strong", {}, name), ": ", words, " ", time));
}
