/** Brings code of ours into notebooks: a new one for a project, or the one that is in front. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { showErrorMessage } from "@jupyterlab/apputils";
import type { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { type INotebookTracker, NotebookActions, NotebookPanel } from "@jupyterlab/notebook";
import type { OfferLook } from "../gen/rest.js";
import { freeName, namesIn, type NewCell, notebookOf, pathIn, pythonKernel } from "./new_song.js";
import { fileName, pythonComment, pythonText } from "./words.js";

/** The part of a piece that its notebook needs. */
interface Named {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
}

const NO_KERNEL = "A song needs a Python kernel, and this server has none.";
const CURE = "Install one beside JupyterLab: pip install ipykernel cellissimo";

/** The lines that open a piece. Its id stays when it is renamed; the name is for the reader. */
export function openingLines(piece: Named): string {
  const variable = piece.kind === "loop" ? "loop" : "song";
  const call = `${variable} = cm.open(${pythonText(piece.id)})  ${pythonComment(piece.name)}`;
  return `import cellissimo as cm\n${call}\n${variable}`;
}

/** The cells in which an offer is read and heard. Its id is exact; the words are for the reader. */
export function reviewCells(offer: OfferLook): readonly string[] {
  const who = offer.author.displayName || offer.author.username;
  const words = pythonComment(`${who} offers changes to “${offer.toName}”`);
  const call = `offer = cm.offers()[${pythonText(offer.id)}]  ${words}`;
  return [`import cellissimo as cm\n${call}\noffer`, "offer.player()"];
}

export class Notebooks {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly tracker: INotebookTracker | null,
    private readonly files: IDefaultFileBrowser | null,
  ) {}

  /** Whether there is a notebook to write into. */
  get hasOpen(): boolean {
    return this.tracker?.currentWidget != null;
  }

  /** Writes a cell below the one that is active in the notebook in front, and may run it. */
  async insert(source: string, run: boolean): Promise<void> {
    const panel = this.tracker?.currentWidget;
    if (panel == null) return;
    this.app.shell.activateById(panel.id);
    const cell = panel.content.activeCell;
    if (cell === null || cell.model.sharedModel.getSource().trim() !== "") {
      NotebookActions.insertBelow(panel.content);
    }
    panel.content.activeCell?.model.sharedModel.setSource(source);
    if (run) await NotebookActions.run(panel.content, panel.sessionContext);
  }

  /** Opens the notebook of a piece, or makes one beside the files that are looked at and runs it. */
  open(piece: Named): Promise<void> {
    return this.openWith(piece, [openingLines(piece)]);
  }

  /** Opens the notebook in which an offer is reviewed, or makes one and runs it. */
  review(offer: OfferLook): Promise<void> {
    const named = { id: offer.id, kind: "offer", name: `Offer to ${offer.toName}` };
    return this.openWith(named, reviewCells(offer));
  }

  private async openWith(piece: Named, sources: readonly string[]): Promise<void> {
    const { kernelspecs, contents } = this.app.serviceManager;
    await kernelspecs.ready;
    const kernel = pythonKernel(kernelspecs.specs);
    if (kernel === undefined) {
      await showErrorMessage(NO_KERNEL, CURE);
      return;
    }
    const folder = this.files?.model.path ?? "";
    const existing = await this.find(piece, folder);
    if (existing !== null) {
      await this.show(existing);
      return;
    }
    const names = await namesIn(contents, folder);
    const path = pathIn(folder, freeName(fileName(piece.name), names));
    const cells = sources.map(
      (source, place): NewCell => ({ kind: "code", id: place === 0 ? "open" : "hear", source }),
    );
    const content = notebookOf(kernel, cells, { cellissimo: { piece: piece.id } });
    await contents.save(path, { type: "notebook", format: "json", content });
    await this.showAndRun(path);
  }

  /** A notebook that was made for the piece: an open one, or a file of its name. */
  private async find(piece: Named, folder: string): Promise<string | null> {
    const open = this.tracker?.find(
      (panel) => pieceOf(panel.model?.getMetadata("cellissimo")) === piece.id,
    );
    if (open !== undefined) return open.context.path;
    const { contents } = this.app.serviceManager;
    const stem = fileName(piece.name);
    const names = [...(await namesIn(contents, folder))].filter(
      (name) => name.startsWith(stem) && name.endsWith(".ipynb"),
    );
    for (const name of names) {
      const path = pathIn(folder, name);
      const file = await contents.get(path, { content: true }).catch(() => null);
      const { metadata } = (file?.content ?? {}) as { metadata?: Record<string, unknown> };
      if (pieceOf(metadata?.["cellissimo"]) === piece.id) return path;
    }
    return null;
  }

  private async show(path: string): Promise<unknown> {
    return this.app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  }

  private async showAndRun(path: string): Promise<void> {
    const panel = await this.show(path);
    if (!(panel instanceof NotebookPanel)) return;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await NotebookActions.runAll(panel.content, panel.sessionContext);
  }
}

function pieceOf(metadata: unknown): unknown {
  return typeof metadata === "object" && metadata !== null && "piece" in metadata
    ? metadata.piece
    : null;
}
