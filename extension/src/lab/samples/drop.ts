/** Samples dropped on a notebook: into an editor as its line, elsewhere as a cell of its own. */

import { NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import { SAMPLE_TYPE } from "./sample_row.js";

/** Lets a notebook take samples; editors take their text by themselves. */
export function takeSamples(panel: NotebookPanel): void {
  const { node } = panel.content;
  node.addEventListener("dragover", (event) => {
    if (isOurs(event)) event.preventDefault();
  });
  node.addEventListener("drop", (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    insertBelow(panel, event.target as Node, event.dataTransfer?.getData("text/plain") ?? "");
  });
}

/** A drag of a sample that nobody below has taken and that no editor will. */
function isOurs(event: DragEvent): boolean {
  const carries = event.dataTransfer?.types.includes(SAMPLE_TYPE) === true;
  const inEditor = event.target instanceof Element && event.target.closest(".cm-content") !== null;
  return carries && !inEditor && !event.defaultPrevented;
}

function insertBelow(panel: NotebookPanel, target: Node, source: string): void {
  const { content } = panel;
  const index = content.widgets.findIndex((cell) => cell.node.contains(target));
  content.activeCellIndex = index < 0 ? content.widgets.length - 1 : index;
  NotebookActions.insertBelow(content);
  content.activeCell?.model.sharedModel.setSource(source);
}
