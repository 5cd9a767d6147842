/** One project on a shelf: its colour, its name, what it is, and what can be done with it. */

import { ellipsesIcon, shareIcon } from "@jupyterlab/ui-components";
import type { Card } from "../../gen/rest.js";
import { h, iconButton } from "../page/element.js";
import { ago, initial, inkOn, musicWords } from "../words.js";

/** What a card's buttons do. */
export interface CardActions {
  open(card: Card): unknown;
  share(card: Card): unknown;
  /** Shows everything that can be done, beside an element or at a place. */
  menu(card: Card, beside: HTMLElement, at?: { readonly x: number; readonly y: number }): void;
}

const VISIBLE = { private: "Private", unlisted: "Unlisted", public: "Public" } as const;
const COLOR = /^#[0-9a-f]{6}$/i;

/** A list item that shows a piece; `me` is who looks. */
export function drawCard(card: Card, actions: CardActions, me: string): HTMLLIElement {
  const more = iconButton(ellipsesIcon, `More for ${card.name}`, (b) => actions.menu(card, b), {
    "aria-haspopup": "menu",
    "data-part": "more",
  });
  const item = h(
    "li",
    { class: "cl-card", "data-id": card.id, "data-archived": !card.isActive },
    swatch(card),
    h("div", { class: "cl-card-text" }, opener(card, actions), facts(card), standing(card, me)),
    h(
      "div",
      { class: "cl-card-buttons" },
      iconButton(shareIcon, `Share ${card.name}`, () => actions.share(card), {
        "data-part": "share",
        hidden: card.role === null,
      }),
      more,
    ),
  );
  item.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    event.stopPropagation();
    actions.menu(card, more, { x: event.clientX, y: event.clientY });
  });
  return item;
}

function swatch(card: Card): HTMLElement {
  const square = h("span", { class: "cl-swatch", "aria-hidden": "true" }, initial(card.name));
  const color = COLOR.test(card.color) ? card.color : "#868e96";
  square.style.backgroundColor = color;
  square.style.color = inkOn(color);
  return square;
}

function opener(card: Card, actions: CardActions): HTMLElement {
  const button = h(
    "button",
    { type: "button", class: "cl-card-name", "data-part": "open", title: openTip(card) },
    card.name,
  );
  button.addEventListener("click", () => void actions.open(card));
  return button;
}

function openTip(card: Card): string {
  return card.digest === "" ? `Open ${card.name} in a notebook` : card.digest;
}

function facts(card: Card): HTMLElement {
  return h("p", { class: "cl-card-facts" }, musicWords(card));
}

function standing(card: Card, me: string): HTMLElement {
  const line = h("p", { class: "cl-card-facts" });
  if (card.kind === "loop") line.append(badge("Loop", "kind"));
  line.append(badge(VISIBLE[card.visibility], card.visibility));
  if (!card.isActive) line.append(badge("Archived", "archived"));
  if (card.owner.username !== me) line.append(h("span", {}, owner(card)), " · ");
  line.append(h("time", { datetime: card.updatedAt }, ago(card.updatedAt, Date.now())));
  return line;
}

function owner(card: Card): string {
  return card.owner.displayName === "" ? card.owner.username : card.owner.displayName;
}

function badge(words: string, kind: string): HTMLElement {
  return h("span", { class: "cl-badge", "data-kind": kind }, words);
}
