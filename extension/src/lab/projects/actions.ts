/** What can be done with a project: commands that its menu shows, greyed where it may not be. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Dialog, InputDialog, showDialog } from "@jupyterlab/apputils";
import { MenuSvg } from "@jupyterlab/ui-components";
import { may, standingTo } from "../../core/policy.js";
import type { Action } from "../../gen/policy.js";
import type { Card, ProjectChange } from "../../gen/rest.js";
import type { Notebooks } from "../open_notebook.js";
import { openingLines } from "../open_notebook.js";
import { complain } from "../page/complaint.js";
import type { Pieces } from "../server/pieces.js";
import { Refusal } from "../server/refusal.js";
import { OPEN_SONG, SHOW_ROOM } from "../rooms.js";
import type { CardActions } from "./card.js";

/** What happens to the cards on show. */
export interface Shown {
  changed(card: Card): void;
  gone(card: Card, words: string): void;
  added(card: Card, words: string): void;
  share(card: Card): Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly label: (card: Card) => string;
  readonly needs: Action;
  readonly act: (card: Card) => Promise<unknown>;
  readonly isEnabled?: () => boolean;
  /** Only for those who belong to it. */
  readonly isVisible?: (card: Card) => boolean;
}

const isMember = (card: Card): boolean => card.role !== null;
const PREFIX = "cellissimo:project-";

export class ProjectActions implements CardActions {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly pieces: Pieces,
    private readonly notebooks: Notebooks,
    private readonly shown: Shown,
  ) {
    this.popup = new MenuSvg({ commands: app.commands });
    this.popup.addClass("jp-ThemedContainer");
    for (const entry of this.entries) this.add(app, entry);
    this.popup.aboutToClose.connect(() => this.anchor?.focus());
  }

  open(card: Card): Promise<unknown> {
    return complain(this.notebooks.open(card), "It was not opened");
  }

  share(card: Card): Promise<void> {
    return this.shown.share(card);
  }

  menu(card: Card, beside: HTMLElement, at?: { readonly x: number; readonly y: number }): void {
    this.target = card;
    this.anchor = beside;
    const box = beside.getBoundingClientRect();
    this.popup.open(at?.x ?? box.left, at?.y ?? box.bottom);
    if (at === undefined) this.popup.activeIndex = 0;
  }

  private add(app: JupyterFrontEnd, entry: Entry): void {
    const command = PREFIX + entry.id;
    app.commands.addCommand(command, {
      label: () => (this.target === null ? "" : entry.label(this.target)),
      isVisible: () => this.target !== null && (entry.isVisible?.(this.target) ?? true),
      isEnabled: () => {
        const allowed = this.target !== null && may(entry.needs, standingTo(this.target));
        return allowed && (entry.isEnabled?.() ?? true);
      },
      execute: async () => {
        if (this.target !== null) await entry.act(this.target);
      },
    });
    this.popup.addItem({ command });
  }

  private readonly entries: readonly Entry[] = [
    {
      id: "open",
      label: () => "Open in a notebook",
      needs: "piece.read",
      act: (card) => this.open(card),
    },
    {
      id: "room",
      label: () => "Open the room",
      needs: "piece.read",
      act: (card) => this.app.commands.execute(SHOW_ROOM, { piece: card.id, title: card.name }),
    },
    {
      id: "here",
      label: (card) => `Open the ${card.kind === "loop" ? "loop" : "song"} here`,
      needs: "piece.read",
      act: (card) => this.app.commands.execute(OPEN_SONG, { piece: card.id, title: card.name }),
    },
    {
      id: "insert",
      label: () => "Insert into the open notebook",
      needs: "piece.read",
      isEnabled: () => this.notebooks.hasOpen,
      act: (card) => complain(this.notebooks.insert(openingLines(card), true), "It did not run"),
    },
    {
      id: "share",
      label: () => "Share…",
      needs: "piece.read",
      isVisible: isMember,
      act: (card) => this.share(card),
    },
    { id: "fork", label: () => "Fork", needs: "piece.fork", act: (card) => this.fork(card) },
    {
      id: "rename",
      label: () => "Rename…",
      needs: "piece.describe",
      isVisible: isMember,
      act: (card) => this.rename(card),
    },
    {
      id: "publish",
      label: (card) => (card.isPublic ? "Make private" : "Publish…"),
      needs: "piece.publish",
      isVisible: isMember,
      act: (card) => this.publish(card),
    },
    {
      id: "archive",
      label: (card) => (card.isActive ? "Archive" : "Take out of the archive"),
      needs: "piece.archive",
      isVisible: isMember,
      act: (card) => this.archive(card),
    },
    {
      id: "trash",
      label: () => "Move to trash",
      needs: "piece.trash",
      isVisible: (card) => card.role === "owner",
      act: (card) => this.throwAway(card),
    },
    {
      id: "leave",
      label: () => "Leave…",
      needs: "piece.read",
      isVisible: (card) => isMember(card) && card.role !== "owner",
      act: (card) => this.leave(card),
    },
  ];

  private async fork(card: Card): Promise<void> {
    const fork = await complain(this.pieces.fork(card), "It was not forked");
    if (fork !== undefined) this.shown.added(fork, `${card.name} is forked: the copy is yours`);
  }

  private async rename(card: Card): Promise<void> {
    const { value } = await InputDialog.getText({
      title: "Rename the project",
      label: "Name",
      text: card.name,
      okLabel: "Rename",
    });
    const name = value?.trim() ?? "";
    if (name !== "" && name !== card.name) await this.change(card, { name });
  }

  private async publish(card: Card): Promise<void> {
    if (!card.isPublic) {
      const { button } = await showDialog({
        title: `Publish “${card.name}”?`,
        body: "Everybody who reaches this server can then find it, hear it, download it and fork it.",
        buttons: [Dialog.cancelButton(), Dialog.okButton({ label: "Publish" })],
      });
      if (!button.accept) return;
    }
    await this.change(card, { visibility: card.isPublic ? "private" : "public" });
  }

  private async archive(card: Card): Promise<void> {
    const change = { isActive: !card.isActive };
    const changed = await this.attempt(card, this.pieces.change(card, change), "It was not changed");
    if (changed === undefined) return;
    const words = changed.isActive ? "is out of the archive" : "is archived";
    this.shown.gone(changed, `${card.name} ${words}`);
  }

  private async change(card: Card, change: ProjectChange): Promise<void> {
    const changed = await this.attempt(card, this.pieces.change(card, change), "It was not changed");
    if (changed !== undefined) this.shown.changed(changed);
  }

  private async throwAway(card: Card): Promise<void> {
    const done = await this.attempt(card, this.pieces.throwAway(card), "It was not thrown away");
    if (done !== undefined) this.shown.gone(card, `${card.name} is in the trash`);
  }

  private async leave(card: Card): Promise<void> {
    const { button } = await showDialog({
      title: `Leave “${card.name}”?`,
      body: "Only somebody who may invite can let you in again.",
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: "Leave" })],
      defaultButton: 0,
    });
    if (!button.accept) return;
    const done = await complain(this.pieces.leave(card), "You are still a member");
    if (done !== undefined) this.shown.gone(card, `You have left ${card.name}`);
  }

  /** The answer. Where somebody else was quicker, the card shows what they made of it. */
  private async attempt<T>(card: Card, answer: Promise<T>, title: string): Promise<T | undefined> {
    const seen = answer.catch(async (error: unknown) => {
      if (Refusal.of(error).code === "changed") this.shown.changed(await this.pieces.get(card.id));
      throw error;
    });
    return complain(seen, title);
  }

  private readonly popup: MenuSvg;
  private target: Card | null = null;
  private anchor: HTMLElement | null = null;
}
