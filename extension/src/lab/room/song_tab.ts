/** A song in a tab of its own: heard and arranged with others, without a notebook or a kernel. */

import { MainAreaWidget } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import { songIcon } from "../icon.js";
import { failure } from "../page/states.js";
import type { Piece, RoomViews } from "./bundle.js";

/** The id of the tab of a piece. */
export function tabOf(piece: string): string {
  return `cellissimo-song-${piece}`;
}

/** The tab; closing it leaves the room. */
export class SongTab extends MainAreaWidget<Widget> {
  constructor(
    views: RoomViews,
    readonly piece: Piece,
  ) {
    super({ content: new Widget() });
    this.id = tabOf(piece.piece);
    this.title.label = piece.title === "" ? "Song" : piece.title;
    this.title.icon = songIcon;
    this.title.closable = true;
    this.content.addClass("cl-song-tab");
    this.content.node.tabIndex = -1;
    this.toolbar.hide();
    this.open(views);
  }

  override dispose(): void {
    this.living.abort();
    super.dispose();
  }

  private open(views: RoomViews): void {
    const { signal } = this.living;
    const { node } = this.content;
    node.replaceChildren();
    views.show("showSong", node, this.piece, signal).catch((error: unknown) => {
      if (!signal.aborted) node.replaceChildren(failure(error, () => this.open(views)));
    });
  }

  private readonly living = new AbortController();
}
