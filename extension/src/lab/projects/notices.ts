/** What happened to one's projects: a number on a bell, and a list that it opens. */

import { bellIcon } from "@jupyterlab/ui-components";
import type { Notification } from "../../gen/rest.js";
import { complain } from "../page/complaint.js";
import { h, iconButton, textButton } from "../page/element.js";
import { empty } from "../page/states.js";
import type { Pieces } from "../server/pieces.js";
import { ago } from "../words.js";
import { offerIn } from "./offers.js";

/** What can be done about what is told. */
export interface NoticeActions {
  open(pieceId: string): unknown;
  /** Opens a notebook in which an offer is heard. */
  review(offerId: string): unknown;
  /** Asks for the answer to an offer; true once it has one. */
  answer(offerId: string): Promise<boolean>;
}

export class Notices {
  /** The bell; its number is part of its name. */
  readonly bell = iconButton(bellIcon, "Notifications", () => this.toggle(), {
    "aria-expanded": "false",
    class: "cl-icon-button cl-bell",
  });

  /** The list, hidden until the bell is pressed. */
  readonly element = h("section", {
    class: "cl-notices",
    "aria-label": "Notifications",
    hidden: true,
  });

  constructor(
    private readonly pieces: Pieces,
    private readonly actions: NoticeActions,
  ) {
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.toggle();
    });
  }

  /** Asks what is new; without an answer the bell stays as it is. */
  async refresh(): Promise<void> {
    const answer = await this.pieces.notices().catch(() => null);
    if (answer === null) return;
    this.known = answer.notifications;
    this.mark(answer.unread);
    if (!this.element.hidden) this.draw();
  }

  private toggle(): void {
    this.element.hidden = !this.element.hidden;
    this.bell.setAttribute("aria-expanded", String(!this.element.hidden));
    if (this.element.hidden) {
      this.bell.focus();
      return;
    }
    this.draw();
    void this.refresh();
  }

  private mark(unread: number): void {
    this.unread = unread;
    const words = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
    this.bell.title = words;
    this.bell.setAttribute("aria-label", words);
    this.bell.dataset["unread"] = unread > 99 ? "99+" : unread === 0 ? "" : String(unread);
  }

  private draw(): void {
    const title = h("h3", {}, "Notifications");
    const all = textButton("Mark all read", () => this.read("all"), { hidden: this.unread === 0 });
    const head = h("div", { class: "cl-row" }, title, all);
    if (this.known.length === 0) {
      this.element.replaceChildren(head, empty("Invitations, forks and offers are told here."));
      return;
    }
    const list = h("ul", {}, ...this.known.map((notice) => this.item(notice)));
    this.element.replaceChildren(head, list);
  }

  private item(notice: Notification): HTMLLIElement {
    const when = h("time", { datetime: notice.createdAt }, ago(notice.createdAt, Date.now()));
    const item = h(
      "li",
      { "data-unread": notice.readAt === null },
      h("span", {}, notice.words),
      " ",
      when,
    );
    const { pieceId } = notice;
    const buttons = h("div", { class: "cl-row" });
    const offer = offerIn(notice);
    if (pieceId !== null) buttons.append(textButton("Open", () => this.actions.open(pieceId)));
    if (offer !== null) {
      buttons.append(
        textButton("Review", () => this.actions.review(offer)),
        textButton("Answer…", () => this.answer(notice, offer)),
      );
    }
    if (notice.readAt === null) {
      buttons.append(textButton("Mark read", () => this.read([notice.id])));
    }
    item.append(buttons);
    return item;
  }

  private async answer({ id, readAt }: Notification, offer: string): Promise<void> {
    const isDone = await this.actions.answer(offer);
    if (isDone && readAt === null) await this.read([id]);
  }

  private async read(ids: readonly string[] | "all"): Promise<void> {
    await complain(this.pieces.markRead(ids), "They were not marked");
    await this.refresh();
    const [next] = this.element.querySelectorAll<HTMLElement>("button:not([hidden])");
    (next ?? this.bell).focus();
  }

  private known: readonly Notification[] = [];
  private unread = 0;
}
