/** What can be done with an item, in a panel beside it: the second mouse button, or the menu key. */

import { on } from "../dom.js";
import { duplicateItems, extent, removeItems } from "./edits.js";
import { actionButton } from "./form.js";
import type { Inspector } from "./inspector.js";
import { sayRegion } from "./ruler.js";
import { doDeed, type SongScene } from "./song_scene.js";
import { chosenWith, splitAtPosition } from "./timeline_keys.js";
import type { TimelineView } from "./timeline_view.js";
import { sayItem } from "./words.js";

export function listenToMenu(scene: SongScene, view: TimelineView, inspector: Inspector, element: HTMLElement): void {
  on(element, "contextmenu", (event) => {
    const target = event.target as Element;
    const item = scene.arrangement.items.get(target.closest<HTMLElement>(".cm-item")?.dataset["key"] ?? "");
    if (item === undefined) return;
    event.preventDefault();
    if ((event as PointerEvent).pointerType === "touch") return;
    if (!scene.choices.selection.has(item.key)) scene.choose({ selection: new Set([item.key]) });
    const chosen = chosenWith(scene, item);
    const anchor = view.elementOf(item.key) ?? element;
    const title = chosen.length === 1 ? sayItem(scene.arrangement, item) : `${chosen.length} items`;
    inspector.open(anchor, title, (signal, close) => {
      const then = (act: () => void) => (): void => {
        close();
        act();
      };
      const open = actionButton("sliders", "Open", signal, then(() => view.open(item, anchor)));
      const repeat = actionButton("repeat", "Repeat it", signal, then(() => {
        const start = Math.min(...chosen.map((each) => each.start));
        scene.choose({ region: [start, start + extent(chosen)], loops: true });
        sayRegion(scene);
      }));
      open.setAttribute("data-first", "");
      if (!scene.store.editable) return { fields: [open, repeat] };
      return {
        fields: [
          open, repeat,
          actionButton("duplicate", "Duplicate", signal, then(() => doDeed(scene, duplicateItems(scene.arrangement, chosen, extent(chosen), 0)))),
          actionButton("scissors", "Split at the playhead", signal, then(() => splitAtPosition(scene, chosen))),
          actionButton("trash", "Delete", signal, then(() => doDeed(scene, removeItems(scene.arrangement, chosen)))),
        ],
      };
    });
  }, scene.signal);
}
