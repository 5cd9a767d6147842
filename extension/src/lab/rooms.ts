/** The plugin of rooms: their sidebar, and songs in tabs of their own. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from "@jupyterlab/application";
import { ICommandPalette, WidgetTracker } from "@jupyterlab/apputils";
import { IStateDB } from "@jupyterlab/statedb";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { roomIcon, songIcon } from "./icon.js";
import { type Piece, RoomViews } from "./room/bundle.js";
import { RoomPanel } from "./room/panel.js";
import rules from "./room/room.css";
import { SongTab } from "./room/song_tab.js";
import { addStyle } from "./view_style.js";

export const SHOW_ROOM = "cellissimo:show-room";
export const OPEN_SONG = "cellissimo:open-song";
const RANK = 360;
/** Where the state of the workspace says which room the sidebar shows. */
const SHOWN = "cellissimo:room";

/** Where views of songs look for a way to show their room. */
const OPENER = Symbol.for("cellissimo.openRoom");

export const rooms: JupyterFrontEndPlugin<void> = {
  id: "@cellissimo/lab:rooms",
  description: "Rooms: who is here, chat, comments, history; songs in tabs of their own.",
  autoStart: true,
  optional: [ILabShell, ICommandPalette, ILayoutRestorer, IStateDB],
  activate(
    app: JupyterFrontEnd,
    shell: ILabShell | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    states: IStateDB | null,
  ) {
    if (shell === null) return;
    addStyle(document, rules);
    const views = new RoomViews(app.serviceManager.serverSettings);
    const tabs = new WidgetTracker<SongTab>({ namespace: "cellissimo-songs" });
    const panel = new RoomPanel(views, (piece) => app.commands.execute(OPEN_SONG, { ...piece }),
      (piece) => void (piece === null ? states?.remove(SHOWN) : states?.save(SHOWN, { ...piece })));
    shell.add(panel, "right", { rank: RANK });
    restorer?.add(panel, panel.id);
    void states?.fetch(SHOWN).then((last) => panel.enterAgain(pieceIn((last ?? {}) as ReadonlyPartialJSONObject)));
    app.commands.addCommand(SHOW_ROOM, {
      label: "Show the room",
      caption: "Who is here, chat, comments, history",
      icon: roomIcon,
      execute: (args) => {
        const piece = pieceIn(args);
        if (piece !== null) panel.enter(piece);
        shell.activateById(panel.id);
      },
    });
    app.commands.addCommand(OPEN_SONG, {
      label: "Open the song here",
      caption: "In a tab of its own, with everybody who is there",
      icon: songIcon,
      execute: async (args) => {
        const piece = pieceIn(args);
        if (piece === null) return;
        const known = tabs.find((tab) => tab.piece.piece === piece.piece);
        const tab = known ?? new SongTab(views, piece);
        if (known === undefined) {
          await tabs.add(tab);
          shell.add(tab, "main");
        }
        shell.activateById(tab.id);
      },
    });
    palette?.addItem({ command: SHOW_ROOM, category: "Music" });
    void restorer?.restore(tabs, {
      command: OPEN_SONG,
      args: ({ piece }) => ({ ...piece }),
      name: ({ piece }) => piece.piece,
    });
    const page = globalThis as { [OPENER]?: (piece: string, title: string) => void };
    page[OPENER] = (piece, title) => void app.commands.execute(SHOW_ROOM, { piece, title });
  },
};

/** The piece that a command is about; null where it names none. */
function pieceIn(args: ReadonlyPartialJSONObject): Piece | null {
  const { piece, title } = args;
  if (typeof piece !== "string" || piece === "") return null;
  return { piece, title: typeof title === "string" ? title : "" };
}
