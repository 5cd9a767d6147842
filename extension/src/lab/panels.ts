/** The plugin of the sidebars: projects, and samples. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { INotebookTracker } from "@jupyterlab/notebook";
import type { Widget } from "@lumino/widgets";
import { Notebooks } from "./open_notebook.js";
import rules from "./panels.css";
import { ProjectsPanel } from "./projects/panel.js";
import { takeSamples } from "./samples/drop.js";
import { SamplesPanel } from "./samples/panel.js";
import { Server } from "./server/server.js";
import { invitedTo } from "./share/invitation.js";
import { addStyle } from "./view_style.js";

const RANK = 350;

/** Nothing is asked of the server before a sidebar is shown. */
export const panels: JupyterFrontEndPlugin<void> = {
  id: "@cellissimo/lab:panels",
  description: "Sidebars for projects and samples: kept, searched, shared.",
  autoStart: true,
  optional: [ILabShell, INotebookTracker, IDefaultFileBrowser, ICommandPalette, ILayoutRestorer],
  activate(
    app: JupyterFrontEnd,
    shell: ILabShell | null,
    tracker: INotebookTracker | null,
    files: IDefaultFileBrowser | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ) {
    // Notebook 7 has other sidebars, which are not ours to fill.
    if (shell === null) return;
    addStyle(document, rules);
    const server = new Server(app.serviceManager.serverSettings);
    const notebooks = new Notebooks(app, tracker, files);
    const projects = new ProjectsPanel(app, server, notebooks);
    const samples = new SamplesPanel(app, server, notebooks);
    for (const [offset, panel] of [projects, samples].entries()) {
      shell.add(panel, "left", { rank: RANK + offset });
      restorer?.add(panel, panel.id);
    }
    addCommand(app, palette, "cellissimo:show-projects", "Show projects", projects, shell);
    addCommand(app, palette, "cellissimo:show-samples", "Show samples", samples, shell);
    app.commands.addCommand("cellissimo:new-project", {
      label: "New project",
      caption: "Keep a song on this server",
      execute: () => projects.create(),
    });
    palette?.addItem({ command: "cellissimo:new-project", category: "Music" });
    const token = invitedTo(location.href);
    if (token !== null) {
      // Once: loading the page anew does not ask again.
      history.replaceState(null, "", location.pathname + location.search);
      void app.restored.then(() => {
        shell.activateById(projects.id);
        return projects.join(token);
      });
    }
    tracker?.forEach(takeSamples);
    tracker?.widgetAdded.connect((_, panel) => takeSamples(panel));
  },
};

function addCommand(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  command: string,
  label: string,
  panel: Widget,
  shell: ILabShell,
): void {
  app.commands.addCommand(command, { label, execute: () => shell.activateById(panel.id) });
  palette?.addItem({ command, category: "Music" });
}
