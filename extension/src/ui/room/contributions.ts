/** Who wrote how much of what is there: a bar for each person. */

import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { accentOf } from "../accent.js";
import { createStanding, keepLoadedWhenSeen } from "./live_list.js";
import type { RoomScene } from "./room_scene.js";
import { counted, percent } from "./words.js";

export function createContributions(scene: RoomScene): { readonly element: HTMLElement } {
  const list = h("ul", { class: "cm-list cm-shares", "aria-label": "Who wrote how much" });
  const standing = createStanding(scene, "Nobody has written anything yet.");
  const load = async (): Promise<void> => {
    const shares = await scene.api.contributions();
    standing.showEmpty(shares.length === 0);
    list.replaceChildren(...shares.toSorted((a, b) => b.share - a.share).map(({ author, edits, share }) => {
      const bar = h("span", { class: "cm-share-bar" });
      bar.style.setProperty("--cm-share", String(Math.max(0, Math.min(1, share))));
      bar.style.setProperty("--cm-person", accentOf(author.color).color);
      return h("li", { class: "cm-share" }, drawAvatar(author), h("span", { class: "cm-share-name" }, author.name),
        h("span", { class: "cm-soft" }, `${percent(share)} \u00b7 ${counted(edits, "edit")}`), bar);
    }));
  };
  const element = h("div", {}, standing.element, list);
  keepLoadedWhenSeen(scene, element, ["activity"], () => void standing.load(load));
  return { element };
}
