/** A shelf of projects as a list that grows by "more"; its states are said, and focus stays. */

import type { Card } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { h, textButton } from "../page/element.js";
import { empty, failure, loading, PATIENCE_MS } from "../page/states.js";
import type { Page, Pieces, Shelf, Wanted } from "../server/pieces.js";
import { counted } from "../words.js";
import { type CardActions, drawCard } from "./card.js";

const NOTHING: Readonly<Record<Shelf, string>> = {
  mine: "Nothing here yet. A project keeps a song, its samples and its history.",
  shared: "Nobody shares a project with you yet. When somebody invites you, it appears here.",
  public: "Nobody has published anything on this server yet.",
};

const NO_LOOPS = "No loops yet. A loop that you save from a notebook is kept here.";

export class ShelfView {
  readonly element = h("div", { class: "cl-shelf" });

  constructor(
    private readonly pieces: Pieces,
    private readonly actions: CardActions,
    private readonly announcer: Announcer,
    /** Who looks, once that is known. */
    private readonly me: () => string,
    private readonly makeFirst: () => unknown,
  ) {}

  /** Loads a shelf from its beginning; what was asked before and answers later is passed over. */
  async show(shelf: Shelf, wanted: Wanted): Promise<void> {
    const asked = (this.asked = { shelf, wanted });
    const waiting = setTimeout(() => {
      if (asked === this.asked) this.element.replaceChildren(loading());
    }, PATIENCE_MS);
    this.element.setAttribute("aria-busy", "true");
    try {
      const page = await this.pieces.list(shelf, wanted, null);
      if (asked === this.asked) this.draw(page);
    } catch (error) {
      if (asked === this.asked) {
        this.element.replaceChildren(failure(error, () => this.show(shelf, wanted)));
      }
    } finally {
      clearTimeout(waiting);
      if (asked === this.asked) this.element.removeAttribute("aria-busy");
    }
  }

  /** Loads the same again. */
  async refresh(): Promise<void> {
    if (this.asked !== null) await this.show(this.asked.shelf, this.asked.wanted);
  }

  /** Forgets what was asked: another list is shown in its place. */
  leave(): void {
    this.asked = null;
  }

  /** Draws a card anew where it stands; focus stays on the same button. */
  replace(card: Card): void {
    const old = this.itemOf(card.id);
    const part = focusedPart(old);
    old?.replaceWith(drawCard(card, this.actions, this.me()));
    if (part !== null) this.focus(card.id, part);
  }

  /** Takes a card out; focus goes to its neighbour. */
  drop(id: string): void {
    const old = this.itemOf(id);
    const next = old?.nextElementSibling ?? old?.previousElementSibling ?? null;
    old?.remove();
    this.count -= 1;
    if (next instanceof HTMLElement) next.querySelector<HTMLElement>("[data-part=more]")?.focus();
    else void this.refresh();
  }

  /** Puts the focus on a button of a card. */
  focus(id: string, part = "more"): void {
    this.itemOf(id)?.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus();
  }

  private draw(page: Page<Card>): void {
    this.count = page.items.length;
    this.announcer.say(page.total === 0 ? "Nothing found" : counted(page.total, this.noun));
    if (page.items.length === 0) {
      this.element.replaceChildren(this.nothing());
      return;
    }
    this.list = h("ul", { class: "cl-cards", "aria-label": "Projects" });
    this.element.replaceChildren(this.list);
    this.append(page);
  }

  private append(page: Page<Card>): void {
    this.list.append(...page.items.map((card) => drawCard(card, this.actions, this.me())));
    if (page.next === null) return;
    const left = Math.max(0, page.total - this.count);
    const words = left > 0 ? `Show more (${left} left)` : "Show more";
    const more = textButton(words, () => this.extend(more, page.next));
    this.element.append(more);
  }

  private async extend(more: HTMLButtonElement, after: string | null): Promise<void> {
    const asked = this.asked;
    if (asked === null) return;
    more.disabled = true;
    try {
      const page = await this.pieces.list(asked.shelf, asked.wanted, after);
      if (asked !== this.asked) return;
      this.count += page.items.length;
      more.remove();
      this.append(page);
      this.announcer.say(counted(page.items.length, `more ${this.noun}`));
      const [first] = page.items;
      if (first !== undefined) this.focus(first.id, "open");
    } catch (error) {
      more.replaceWith(failure(error, () => this.refresh()));
    }
  }

  private nothing(): HTMLElement {
    const { shelf = "mine", wanted = null } = this.asked ?? {};
    if (wanted !== null && wanted.words !== "") return empty(`Nothing matches “${wanted.words}”.`);
    if (shelf !== "mine") return empty(NOTHING[shelf]);
    if (wanted?.archived === true) return empty("Nothing is archived.");
    if (wanted?.kind === "loop") return empty(NO_LOOPS);
    return empty(NOTHING.mine, textButton("New project", this.makeFirst));
  }

  private get noun(): string {
    return { project: "project", loop: "loop", "": "piece" }[this.asked?.wanted.kind ?? "project"];
  }

  private itemOf(id: string): HTMLElement | null {
    return this.element.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  private asked: { readonly shelf: Shelf; readonly wanted: Wanted } | null = null;
  private list = h("ul");
  private count = 0;
}

function focusedPart(item: HTMLElement | null): string | null {
  const focused = document.activeElement;
  const inside = focused instanceof HTMLElement && item?.contains(focused) === true;
  return inside ? (focused.dataset["part"] ?? null) : null;
}
