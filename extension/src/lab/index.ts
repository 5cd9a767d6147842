/** The JupyterLab extension: how displays are shown, and a way to begin a song. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, showErrorMessage } from "@jupyterlab/apputils";
import { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { ILauncher } from "@jupyterlab/launcher";
import { IMainMenu } from "@jupyterlab/mainmenu";
import { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { songIcon, songPicture } from "./icon.js";
import { type LiveViews, SessionViews } from "./live_views.js";
import { createSongNotebook, FIRST_CELL, NEW_SONG, pythonKernel } from "./new_song.js";
import { panels } from "./panels.js";
import { rooms } from "./rooms.js";
import rules from "./view.css";
import { VIEW_TYPE, ViewRenderer } from "./view_renderer.js";
import { addStyle } from "./view_style.js";

// Before ipywidgets' -10: a reopened notebook then shows our still form, not its error message.
const RANK = -20;

function addRenderer(renderers: IRenderMimeRegistry, live: LiveViews | null): void {
  renderers.addFactory(
    { safe: true, mimeTypes: [VIEW_TYPE], createRenderer: () => new ViewRenderer(live) },
    RANK,
  );
}

const displays: JupyterFrontEndPlugin<void> = {
  id: "@cellissimo/lab:displays",
  description: "Shows loops and songs: live while their kernel runs, still when it does not.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker],
  activate(_: JupyterFrontEnd, pages: IRenderMimeRegistry, notebooks: INotebookTracker | null) {
    addStyle(document, rules);
    addRenderer(pages, null);
    const adopt = (panel: NotebookPanel): void => {
      const renderers = panel.content.rendermime;
      addRenderer(renderers, new SessionViews(renderers, pages, panel.sessionContext));
    };
    notebooks?.forEach(adopt);
    notebooks?.widgetAdded.connect((_tracker, panel) => adopt(panel));
  },
};

const newSong: JupyterFrontEndPlugin<void> = {
  id: "@cellissimo/lab:new-song",
  description: "Begins a song: a launcher card, a menu item and a command.",
  autoStart: true,
  optional: [ILauncher, ICommandPalette, IMainMenu, IDefaultFileBrowser],
  activate(
    app: JupyterFrontEnd,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    files: IDefaultFileBrowser | null,
  ) {
    app.commands.addCommand(NEW_SONG, {
      label: "New song notebook",
      caption: "Open a notebook with a first loop, ready to be played",
      icon: songIcon,
      execute: async (args) => {
        const folder = typeof args["cwd"] === "string" ? args["cwd"] : files?.model.path;
        return openSong(app, folder ?? "");
      },
    });
    palette?.addItem({ command: NEW_SONG, category: "Notebook Operations" });
    menu?.fileMenu.newMenu.addItem({ command: NEW_SONG, rank: 20 });
    launcher?.add({
      command: NEW_SONG,
      category: "Notebook",
      rank: 1,
      kernelIconUrl: songPicture,
    });
  },
};

async function openSong(app: JupyterFrontEnd, folder: string): Promise<unknown> {
  const { kernelspecs, contents } = app.serviceManager;
  await kernelspecs.ready;
  const kernel = pythonKernel(kernelspecs.specs);
  if (kernel === undefined) {
    const cure = "Install one beside JupyterLab: pip install ipykernel cellissimo";
    await showErrorMessage("A song needs a Python kernel, and this server has none.", cure);
    return null;
  }
  const path = await createSongNotebook(contents, folder, kernel);
  const opened: unknown = await app.commands.execute("docmanager:open", {
    path,
    factory: "Notebook",
  });
  if (opened instanceof NotebookPanel) {
    await opened.context.ready;
    opened.content.activeCellIndex = FIRST_CELL;
  }
  return opened;
}

const plugins: JupyterFrontEndPlugin<void>[] = [displays, newSong, panels, rooms];
export default plugins;
