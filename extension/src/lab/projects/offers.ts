/** Offers of forks: what one would change, and the answer to it. */

import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import type { Notification, Offer, OfferLook } from "../../gen/rest.js";
import { complain } from "../page/complaint.js";
import { h, tick } from "../page/element.js";
import { part, type Server } from "../server/server.js";

type Bars = readonly [number, number];
const TITLE = "The offer was not answered";

/** The id of the open offer that a notice tells of; null if it tells of anything else. */
export function offerIn({ kind, detail }: Notification): string | null {
  const { offer, state } = detail;
  return kind === "offer" && state === "open" && typeof offer === "string" ? offer : null;
}

export class Offers {
  constructor(private readonly server: Server) {}

  /** An offer, and what it would change in its target as that is now. */
  look(id: string): Promise<OfferLook> {
    return this.server.ask(pathOf(id));
  }

  /** Takes it: all of it, or the stretches of `bars`. */
  accept(id: string, bars: readonly Bars[] | null): Promise<Offer> {
    const body = bars === null ? {} : { bars };
    return this.server.ask(`${pathOf(id)}/accept`, { method: "POST", body });
  }

  /** Does not take it; `message` says why. */
  decline(id: string, message: string): Promise<Offer> {
    return this.server.ask(`${pathOf(id)}/decline`, { method: "POST", body: { message } });
  }
}

function pathOf(id: string): string {
  return `offers/${part(id)}`;
}

/** Shows what is offered and asks for the answer; gives what was said, null if nothing was. */
export async function answerOffer(offers: Offers, id: string): Promise<string | null> {
  const offer = await complain(offers.look(id), "The offer was not opened");
  if (offer === undefined) return null;
  const { author, toName, state } = offer;
  const title = `${author.displayName || author.username} offers changes to “${toName}”`;
  if (state !== "open") {
    await showDialog({ title, body: stateWords(offer), buttons: [Dialog.okButton({ label: "Done" })] });
    return null;
  }
  const answer = new Answer(offer);
  const { button } = await answer.ask(title);
  if (button.label === "Decline") {
    const done = await complain(offers.decline(id, answer.message), TITLE);
    return done === undefined ? null : `The offer to ${toName} is declined`;
  }
  if (!button.accept) return null;
  const done = await complain(accepted(offers, id, answer.bars), TITLE);
  return done === undefined ? null : `${toName} has what was offered`;
}

function stateWords({ state, decidedBy }: OfferLook): string {
  const who = decidedBy === null ? "" : ` by ${decidedBy.displayName || decidedBy.username}`;
  const said = state === "partly" ? "accepted in part" : state;
  return `This offer was ${said}${who} already.`;
}

function accepted(offers: Offers, id: string, bars: readonly Bars[] | null): Promise<Offer> {
  if (bars === null || bars.length > 0) return offers.accept(id, bars);
  return Promise.reject(new Error("No bars were chosen. Tick some, or decline the offer."));
}

/** The changes in words, a box for every stretch of bars, and room for some words. */
class Answer {
  constructor(offer: OfferLook) {
    this.stretches = offer.bars.map((bars) => ({ bars, ...tick(barWords(bars), true) }));
    const said = offer.message === "" ? [] : [h("blockquote", {}, offer.message)];
    const lines = offer.words.split("\n").filter((line) => line !== "");
    this.parts = [
      ...said,
      h("ul", { "aria-label": "Changes" }, ...lines.map((line) => h("li", {}, line))),
      ...(this.stretches.length === 0 ? [] : [this.boxes()]),
      h("div", { class: "cl-form" }, h("label", {}, "If you decline, why", this.words)),
    ];
  }

  /** Puts the question. */
  ask(title: string): Promise<Dialog.IResult<unknown>> {
    const node = h("div", { class: "cl-share" });
    const dialog = new Dialog({
      title,
      body: new Widget({ node }),
      buttons: [
        Dialog.cancelButton({ label: "Later" }),
        Dialog.warnButton({ label: "Decline", accept: false }),
        Dialog.okButton({ label: "Accept" }),
      ],
      defaultButton: 0,
    });
    dialog.addClass("cl-share-dialog");
    // Now that the dialog has dressed its body: check boxes stay as they are.
    node.append(...this.parts);
    return dialog.launch();
  }

  /** The stretches that are ticked; null is all of the offer. */
  get bars(): readonly Bars[] | null {
    const ticked = this.stretches.filter(({ box }) => box.checked);
    return ticked.length === this.stretches.length ? null : ticked.map(({ bars }) => bars);
  }

  get message(): string {
    return this.words.value.trim();
  }

  private boxes(): HTMLElement {
    const boxes = this.stretches.map(({ element }) => element);
    const hint = "Names, mixer and whatever is in no bar come only with all of them.";
    const row = h("div", { class: "cl-row" }, ...boxes);
    return h("fieldset", {}, h("legend", {}, "Take"), row, h("p", { class: "cl-soft" }, hint));
  }

  private readonly stretches: readonly {
    readonly bars: Bars;
    readonly element: HTMLLabelElement;
    readonly box: HTMLInputElement;
  }[];
  private readonly parts: readonly HTMLElement[];
  private readonly words = h("textarea", { rows: 2, maxlength: 2000, class: "jp-mod-styled" });
}

function barWords([first, last]: Bars): string {
  return first === last ? `Bar ${first}` : `Bars ${first}–${last}`;
}
