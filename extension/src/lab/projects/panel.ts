/** The sidebar of projects: mine, shared with me, public, and the trash. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { addIcon, refreshIcon } from "@jupyterlab/ui-components";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import type { About, Card } from "../../gen/rest.js";
import { projectsIcon } from "../icon.js";
import type { Notebooks } from "../open_notebook.js";
import { Announcer } from "../page/announcer.js";
import { complain } from "../page/complaint.js";
import { h, iconButton, textButton } from "../page/element.js";
import { Search } from "../page/search.js";
import { Tabs } from "../page/tabs.js";
import { Pieces, type Wanted } from "../server/pieces.js";
import type { Server } from "../server/server.js";
import { Sharing } from "../server/sharing.js";
import { share } from "../share/dialog.js";
import { accept, acceptPasted } from "../share/invitation.js";
import { ProjectActions } from "./actions.js";
import { drawIdentity, drawUsage } from "./footer.js";
import { askForProject } from "./new_project.js";
import { Notices } from "./notices.js";
import { answerOffer, Offers } from "./offers.js";
import { ShelfView } from "./shelf.js";
import { TrashView } from "./trash.js";

const SHELVES = { mine: "Mine", shared: "Shared", public: "Public", trash: "Trash" } as const;
const OWN_ORDERS = { updated: "Recent", name: "By name" };
const PUBLIC_ORDERS = { new: "Newest", views: "Most heard", forks: "Most forked" };
const KINDS = { project: "Projects", loop: "Loops" };
const CHOICES = {
  mine: { kinds: KINDS, orders: OWN_ORDERS, archive: true },
  shared: { orders: OWN_ORDERS },
  public: { kinds: { "": "All kinds", ...KINDS }, orders: PUBLIC_ORDERS },
} as const;
const EVERY_MS = 60_000;

export class ProjectsPanel extends Widget {
  constructor(
    app: JupyterFrontEnd,
    private readonly server: Server,
    private readonly notebooks: Notebooks,
  ) {
    super();
    this.id = "cellissimo-projects";
    this.title.icon = projectsIcon;
    this.title.caption = "Projects: what is kept and shared";
    this.addClass("cl-panel");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Projects");
    this.pieces = new Pieces(server);
    this.offers = new Offers(server);
    this.actions = new ProjectActions(app, this.pieces, notebooks, this);
    const make = (): Promise<void> => this.create();
    const me = (): string => this.about?.user?.username ?? "";
    this.shelf = new ShelfView(this.pieces, this.actions, this.announcer, me, make);
    this.trash = new TrashView(this.pieces, this.announcer, () => this.refreshUsage());
    this.notices = new Notices(this.pieces, {
      open: (id) => this.openById(id),
      review: (offer) => complain(this.review(offer), "It was not opened"),
      answer: (offer) => this.answer(offer),
    });
    this.tabs = new Tabs("Which projects", SHELVES, this.shelfHost, () => this.load());
    this.build();
  }

  /** Joins by the token of an invitation, or asks for its link, and shows what is shared. */
  async join(token: string | null): Promise<void> {
    const { server } = this;
    const member = await (token === null ? acceptPasted(server) : accept(server, token));
    if (member === null) return;
    this.tabs.show("shared");
    this.announcer.say("You are a member now");
  }

  /** Asks what a new project is to be, makes it and opens it. */
  async create(): Promise<void> {
    const wanted = await askForProject();
    if (wanted === null) return;
    const project = await complain(this.pieces.create(wanted), "The project was not made");
    if (project === undefined) return;
    this.added(project, `${project.name} is made`);
    await this.actions.open(project);
  }

  /** A card has changed. */
  changed(card: Card): void {
    this.shelf.replace(card);
    this.announcer.say(`${card.name} is changed`);
  }

  /** A card no longer belongs on this shelf. */
  gone(card: Card, words: string): void {
    this.shelf.drop(card.id);
    this.announcer.say(words);
    void this.refreshUsage();
  }

  /** A card is new among one's own. */
  added(_: Card, words: string): void {
    this.tabs.show("mine");
    this.announcer.say(words);
    void this.refreshUsage();
  }

  /** Opens the dialog of members and links, then shows what has become of the card. */
  async share(card: Card): Promise<void> {
    const changed = await share(card, new Sharing(this.server, card), this.pieces);
    if (changed !== null) this.shelf.replace(changed);
    this.shelf.focus(card.id, "share");
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
    this.clock = setInterval(() => void this.notices.refresh(), EVERY_MS);
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    clearInterval(this.clock);
  }

  private async refresh(): Promise<void> {
    this.about = await this.pieces.about().catch(() => null);
    await Promise.all([this.load(), this.refreshUsage(), this.notices.refresh()]);
  }

  private async load(): Promise<void> {
    const shelf = this.tabs.chosen;
    this.search.element.hidden = shelf === "trash";
    this.joining.hidden = shelf !== "shared";
    if (shelf === "trash") {
      this.shelf.leave();
      this.shelfHost.replaceChildren(this.trash.element);
      await this.trash.show();
      return;
    }
    this.shelfHost.replaceChildren(this.shelf.element);
    this.search.offer(CHOICES[shelf]);
    const { words, kind, order: sort, archived } = this.search;
    await this.shelf.show(shelf, { words, kind: kind as Wanted["kind"], sort, archived });
  }

  private async refreshUsage(): Promise<void> {
    const usage = await this.pieces.usage().catch(() => null);
    const identity = this.about === null ? null : drawIdentity(this.about);
    const parts = [usage === null ? null : drawUsage(usage), identity];
    this.footer.replaceChildren(...parts.filter((part) => part !== null));
  }

  private async openById(id: string): Promise<void> {
    const piece = await complain(this.pieces.get(id), "It was not opened");
    if (piece !== undefined) await this.actions.open(piece);
  }

  private async review(offerId: string): Promise<void> {
    await this.notebooks.review(await this.offers.look(offerId));
  }

  private async answer(offerId: string): Promise<boolean> {
    const said = await answerOffer(this.offers, offerId);
    if (said !== null) this.announcer.say(said);
    return said !== null;
  }

  private build(): void {
    const head = h(
      "header",
      { class: "cl-head" },
      h("h2", {}, "Projects"),
      iconButton(addIcon, "New project", () => this.create()),
      this.notices.bell,
      iconButton(refreshIcon, "Refresh", () => this.refresh()),
    );
    this.node.append(
      head,
      this.notices.element,
      this.tabs.element,
      this.search.element,
      this.joining,
      this.shelfHost,
      this.footer,
      this.announcer.element,
    );
  }

  private readonly pieces: Pieces;
  private readonly offers: Offers;
  private readonly actions: ProjectActions;
  private readonly shelf: ShelfView;
  private readonly trash: TrashView;
  private readonly notices: Notices;
  private readonly tabs: Tabs<keyof typeof SHELVES>;
  private readonly announcer = new Announcer();
  private readonly shelfHost = h("div", { class: "cl-body" });
  private readonly footer = h("footer", { class: "cl-foot" });
  private readonly joining = textButton("Accept an invitation…", () => this.join(null), {
    class: "cl-button cl-joining",
    hidden: true,
  });
  private readonly search = new Search("Search projects", () => void this.load());
  private about: About | null = null;
  private clock: ReturnType<typeof setInterval> | undefined;
}
