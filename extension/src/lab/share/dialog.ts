/** One dialog for everything about sharing: who is in, who comes by a link, who may find it. */

import { Dialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import type { Card } from "../../gen/rest.js";
import { Announcer } from "../page/announcer.js";
import { h } from "../page/element.js";
import type { Pieces } from "../server/pieces.js";
import type { Sharing } from "../server/sharing.js";
import { Links } from "./links.js";
import { Members } from "./members.js";
import { Publicity } from "./publicity.js";

/** Shows the dialog; gives the card as it is afterwards, null if it did not change. */
export async function share(card: Card, sharing: Sharing, pieces: Pieces): Promise<Card | null> {
  const announcer = new Announcer();
  const publicity = new Publicity(card, pieces, announcer);
  const members = new Members(sharing, announcer);
  const links = new Links(sharing, announcer);
  const node = h("div", { class: "cl-share" });
  const body = new Widget({ node });
  const dialog = new Dialog({
    title: `Share “${card.name}”`,
    body,
    buttons: [Dialog.okButton({ label: "Done" })],
    hasClose: true,
  });
  dialog.addClass("cl-share-dialog");
  // Now that the dialog has dressed its body: its fields are made for one question, not for lists.
  node.append(publicity.element, members.element, links.element, announcer.element);
  const ending = new AbortController();
  keepEnter(node, ending.signal);
  try {
    await Promise.all([dialog.launch(), members.load(), links.load()]);
  } finally {
    ending.abort();
  }
  return publicity.changed;
}

/** Enter in a field is the field's: the dialog would take it for "Done". */
function keepEnter(node: HTMLElement, signal: AbortSignal): void {
  const keep = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && node.contains(event.target as Node)) event.stopPropagation();
  };
  // Before the dialog, which listens while the event comes down.
  document.addEventListener("keydown", keep, { capture: true, signal });
}
