/** The sidebar of a room: who is there, playing together, chat, comments, history. */

import { closeIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import { onRooms, roomsOfPage } from "../../core/rooms.js";
import { roomIcon } from "../icon.js";
import { h, iconButton, textButton } from "../page/element.js";
import { empty, failure } from "../page/states.js";
import type { Piece, RoomViews } from "./bundle.js";

export class RoomPanel extends Widget {
  constructor(
    private readonly views: RoomViews,
    private readonly openSong: (piece: Piece) => unknown,
    /** Told which room is shown from now on; null for none. */
    private readonly entered: (piece: Piece | null) => void,
  ) {
    super();
    this.id = "cellissimo-room";
    this.title.icon = roomIcon;
    this.title.caption = "Room: who is here, chat, comments, history";
    this.addClass("cl-panel");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Room");
    this.node.append(this.head, this.host);
    onRooms(() => this.offer(), this.living.signal);
    this.offer();
  }

  /** Enters a room, and leaves the one before. */
  enter(piece: Piece): void {
    if (this.piece?.piece === piece.piece) return;
    this.stay.abort();
    this.stay = new AbortController();
    this.piece = piece;
    this.offered.abort();
    this.entered(piece);
    this.host.replaceChildren();
    this.head.replaceChildren(
      textButton("Open the song here", () => this.openSong(piece)),
      iconButton(closeIcon, "Leave the room", () => this.leave()),
    );
    const { signal } = this.stay;
    this.views.show("showRoom", this.host, piece, signal).catch((error: unknown) => {
      if (!signal.aborted) this.host.replaceChildren(failure(error, () => this.again()));
    });
  }

  /** Enters the room that was shown before a reload, unless another has been entered by now. */
  enterAgain(piece: Piece | null): void {
    if (piece !== null && this.piece === null) this.enter(piece);
  }

  leave(): void {
    this.stay.abort();
    this.piece = null;
    this.entered(null);
    this.offer();
  }

  override dispose(): void {
    this.living.abort();
    this.stay.abort();
    this.offered.abort();
    super.dispose();
  }

  private again(): void {
    const { piece } = this;
    this.piece = null;
    if (piece !== null) this.enter(piece);
  }

  /** While no room is shown: those that songs of this page are in, and where to find others. */
  private offer(): void {
    if (this.piece !== null) return;
    this.offered.abort();
    this.offered = new AbortController();
    const rooms = roomsOfPage().map((room) => {
      const button = textButton("", () => this.enter({ piece: room.piece, title: room.name }));
      const show = (): void => {
        button.textContent = `Room of ${room.name || "an untitled song"}`;
      };
      // Its name comes with the music.
      room.subscribe("state", show, this.offered.signal);
      show();
      return button;
    });
    const words = "No room is open here. Choose \u201cOpen the room\u201d in the menu of a project.";
    this.head.replaceChildren(h("h2", {}, "Room"));
    this.host.replaceChildren(empty(words, ...rooms));
  }

  private readonly living = new AbortController();
  private stay = new AbortController();
  private offered = new AbortController();
  private piece: Piece | null = null;
  private readonly head = h("header", { class: "cl-head cl-room-head" });
  private readonly host = h("div", { class: "cl-room" });
}
