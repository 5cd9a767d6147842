/** What was thrown away: it can be taken back for a while, or deleted for ever at once. */

import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { Trashed } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { complain } from "../page/complaint.js";
import { h, textButton } from "../page/element.js";
import { empty, failure, loading } from "../page/states.js";
import type { Pieces } from "../server/pieces.js";
import { ago } from "../words.js";

export class TrashView {
  readonly element = h("div", { class: "cl-shelf" });

  constructor(
    private readonly pieces: Pieces,
    private readonly announcer: Announcer,
    private readonly changed: () => unknown,
  ) {}

  /** Loads what lies there. */
  async show(): Promise<void> {
    this.element.replaceChildren(loading());
    try {
      const { pieces, samples } = await this.pieces.trash();
      this.draw([...pieces, ...samples]);
    } catch (error) {
      this.element.replaceChildren(failure(error, () => this.show()));
    }
  }

  private draw(thrown: readonly Trashed[]): void {
    this.announcer.say(thrown.length === 0 ? "The trash is empty" : `${thrown.length} in the trash`);
    if (thrown.length === 0) {
      this.element.replaceChildren(empty("The trash is empty."));
      return;
    }
    const list = h("ul", { class: "cl-cards", "aria-label": "Trash" });
    list.append(...thrown.map((piece) => this.item(piece)));
    this.element.replaceChildren(list);
  }

  private item(piece: Trashed): HTMLLIElement {
    const now = Date.now();
    const words = `Thrown away ${ago(piece.trashedAt, now)}, gone for ever ${ago(piece.goneAt, now)}`;
    const restore = textButton("Restore", () => this.restore(piece), {
      "aria-label": `Restore ${piece.name}`,
    });
    const remove = textButton("Delete for ever", () => this.deleteForEver(piece), {
      "aria-label": `Delete ${piece.name} for ever`,
    });
    return h(
      "li",
      { class: "cl-card cl-thrown", "data-id": piece.id },
      h(
        "div",
        { class: "cl-card-text" },
        h("p", { class: "cl-card-title", title: piece.name }, piece.name),
        h("p", { class: "cl-card-facts" }, words),
        h("div", { class: "cl-row" }, restore, remove),
      ),
    );
  }

  private async restore(piece: Trashed): Promise<void> {
    const done = await complain(this.pieces.restore(piece.id), "It was not restored");
    if (done === undefined) return;
    this.announcer.say(`${piece.name} is restored`);
    await this.again();
  }

  private async deleteForEver(piece: Trashed): Promise<void> {
    const { button } = await showDialog({
      title: "Delete for ever?",
      body: `“${piece.name}” and its history cannot be brought back.`,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: "Delete for ever" })],
      defaultButton: 0,
    });
    if (!button.accept) return;
    const done = await complain(this.pieces.deleteForEver(piece.id), "It was not deleted");
    if (done === undefined) return;
    this.announcer.say(`${piece.name} is deleted`);
    await this.again();
  }

  private async again(): Promise<void> {
    await this.show();
    (this.element.querySelector("button") ?? this.element).focus();
    this.changed();
  }
}
