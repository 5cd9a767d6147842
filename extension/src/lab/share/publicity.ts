/** Who may find a project: three choices, each with what it means. */

import { may, standingTo } from "../../core/policy.js";
import type { Card } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { h } from "../page/element.js";
import { problem } from "../page/states.js";
import type { Pieces } from "../server/pieces.js";

type Visibility = Card["visibility"];

const CHOICES: Readonly<Record<Visibility, readonly [string, string]>> = {
  private: ["Private", "Only its members, and those to whom you give a link."],
  unlisted: ["Unlisted", "Whoever knows its address can hear it; no list shows it."],
  public: ["Public", "Everybody can find it, hear it, download it and fork it."],
};

export class Publicity {
  readonly element = h("fieldset", { class: "cl-section" }, h("legend", {}, "Who can find it"));

  /** The card as it is now, once it was changed here. */
  changed: Card | null = null;

  constructor(
    private card: Card,
    private readonly pieces: Pieces,
    private readonly announcer: Announcer,
  ) {
    const allowed = may("piece.publish", standingTo(card));
    this.element.disabled = !allowed;
    for (const choice of Object.keys(CHOICES) as Visibility[]) this.element.append(this.radio(choice));
    if (!allowed) this.element.append(h("p", { class: "cl-soft" }, "Its admins decide this."));
    this.element.append(this.trouble);
    this.mark();
  }

  private radio(choice: Visibility): HTMLElement {
    const [title, words] = CHOICES[choice];
    const input = h("input", { type: "radio", name: "cl-visibility", value: choice });
    input.addEventListener("change", () => void this.choose(choice));
    const text = h("span", {}, h("b", {}, title), h("span", { class: "cl-soft" }, words));
    return h("label", { class: "cl-tick" }, input, text);
  }

  private mark(): void {
    for (const input of this.element.querySelectorAll("input")) {
      input.checked = input.value === this.card.visibility;
    }
  }

  private async choose(visibility: Visibility): Promise<void> {
    this.trouble.replaceChildren();
    try {
      this.card = await this.pieces.change(this.card, { visibility });
      this.changed = this.card;
      this.announcer.say(`Now ${visibility}`);
    } catch (error) {
      this.trouble.replaceChildren(problem(error));
      // Somebody else may have changed it: the next choice is made on what is there now.
      this.card = await this.pieces.get(this.card.id).catch(() => this.card);
    }
    this.mark();
  }

  private readonly trouble = h("div");
}
