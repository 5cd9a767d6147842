/** Links by which others come: what they allow, how long, how often they were used. */

import { closeIcon } from "@jupyterlab/ui-components";
import { may, type Standing, standingTo } from "../../core/policy.js";
import { RIGHTS, type Right } from "../../gen/policy.js";
import type { Share } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { copyField } from "../page/copy_field.js";
import { choice, h, iconButton, textButton, tick } from "../page/element.js";
import { failure, problem } from "../page/states.js";
import type { Sharing } from "../server/sharing.js";
import { ago, counted } from "../words.js";
import { DAYS_OR_EVER, RIGHT_WORDS } from "./terms.js";

export class Links {
  readonly element = h("section", { class: "cl-section", "aria-label": "Links" });

  constructor(
    private readonly sharing: Sharing,
    private readonly announcer: Announcer,
  ) {
    this.mine = standingTo(sharing.piece);
    const words = "Whoever has a link needs no account; you can revoke it at any time.";
    this.element.append(h("h3", {}, "Links"), h("p", { class: "cl-soft" }, words));
    if (may("share.make", this.mine)) this.element.append(this.maker());
    this.element.append(this.trouble, this.list);
  }

  /** Loads the links there are, for those who may see them. */
  async load(): Promise<void> {
    if (!may("shares.read", this.mine)) {
      this.list.replaceChildren(h("p", { class: "cl-soft" }, "Its admins see the links there are."));
      return;
    }
    try {
      const links = await this.sharing.links();
      const items = links.filter((link) => link.revokedAt === null).map((link) => this.item(link));
      const list = h("ul", { class: "cl-people", "aria-label": "Links" }, ...items);
      this.list.replaceChildren(items.length === 0 ? h("p", { class: "cl-soft" }, "No links yet.") : list);
    } catch (error) {
      this.list.replaceChildren(failure(error, () => this.load()));
    }
  }

  private maker(): HTMLElement {
    const rights = RIGHTS.map((right) => {
      const { element, box } = tick(RIGHT_WORDS[right], right === "listen", { value: right });
      box.disabled = right === "listen";
      this.boxes.push(box);
      return element;
    });
    return h(
      "div",
      { class: "cl-entrance" },
      h("div", { class: "cl-flags", role: "group", "aria-label": "The link allows to" }, ...rights),
      h("div", { class: "cl-row" }, this.days, textButton("Make a link", () => this.make())),
      this.made,
    );
  }

  private async make(): Promise<void> {
    this.trouble.replaceChildren();
    try {
      const rights = this.boxes.filter((box) => box.checked).map((box) => box.value as Right);
      const days = this.days.value === "" ? null : Number(this.days.value);
      const link = await this.sharing.makeLink(rights, days);
      const note = "Copy it now: it is shown only this once.";
      const jam = link.shareUrl.replace(/\/s\/([^/]+)$/, "/jam/$1");
      this.made.replaceChildren(
        copyField(link.shareUrl, note, this.announcer),
        copyField(jam, "The same link, to play along in any browser, without an account.", this.announcer, "The link to the jam"),
      );
      this.made.querySelector("input")?.focus();
      this.announcer.say("The link is made");
      await this.load();
    } catch (error) {
      this.trouble.replaceChildren(problem(error));
    }
  }

  private item(link: Share): HTMLLIElement {
    const rights = link.rights.map((right) => RIGHT_WORDS[right as Right] ?? right).join(", ");
    const revoke = iconButton(closeIcon, `Revoke the link: ${rights}`, () => this.revoke(link), {
      disabled: !may("share.revoke", this.mine),
    });
    return h(
      "li",
      {},
      h("div", { class: "cl-row" }, h("span", {}, rights), revoke),
      h("p", { class: "cl-soft" }, historyOf(link)),
    );
  }

  private async revoke(link: Share): Promise<void> {
    this.trouble.replaceChildren();
    try {
      await this.sharing.revoke(link);
      this.made.replaceChildren();
      this.announcer.say("The link is revoked");
    } catch (error) {
      this.trouble.replaceChildren(problem(error));
    }
    await this.load();
    (this.list.querySelector("button") ?? this.days).focus();
  }

  private readonly mine: Standing;
  private readonly boxes: HTMLInputElement[] = [];
  private readonly days = choice("How long the link lasts", DAYS_OR_EVER, "");
  private readonly made = h("div");
  private readonly trouble = h("div");
  private readonly list = h("div");
}

function historyOf(link: Share): string {
  const now = Date.now();
  const used =
    link.lastUsedAt === null
      ? "never used"
      : `used ${counted(link.uses, "time")}, last ${ago(link.lastUsedAt, now)}`;
  const ends = link.expiresAt === null ? "for good" : `ends ${ago(link.expiresAt, now)}`;
  return `Made ${ago(link.createdAt, now)} · ${used} · ${ends}`;
}
