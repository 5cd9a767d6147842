/** Asks what a new project is called, how fast it goes and in which key. */

import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import { NAME_LENGTH, TEMPO_RANGE } from "../../gen/limits.js";
import type { NewProject } from "../../gen/rest.js";
import { h } from "../page/element.js";

const TONICS = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

/** One of them is a new project's, so that neighbours are told apart. */
const COLORS = ["#e8590c", "#7048e8", "#2f9e44", "#1971c2", "#e0a100", "#c2255c", "#0b7285"];

class Questions extends Widget implements Dialog.IBodyWidget<NewProject | null> {
  constructor() {
    super();
    this.addClass("cl-form");
    this.node.append(
      h("label", {}, "Name", this.name),
      h("label", {}, "Tempo (BPM)", this.tempo),
      h("label", {}, "Key", this.key),
    );
  }

  /** What was filled in; null if it cannot be used. */
  getValue(): NewProject | null {
    const name = this.name.value.trim();
    if (name === "" || !this.tempo.checkValidity()) return null;
    const color = COLORS[Math.floor(Math.random() * COLORS.length)] ?? null;
    return { name, tempo: this.tempo.valueAsNumber, key: this.key.value, color };
  }

  private readonly name = h("input", {
    type: "text",
    maxlength: NAME_LENGTH,
    required: true,
    value: "New song",
    class: "jp-mod-styled",
  });
  private readonly tempo = h("input", {
    type: "number",
    min: TEMPO_RANGE[0],
    max: TEMPO_RANGE[1],
    step: "any",
    required: true,
    value: 120,
    class: "jp-mod-styled",
  });
  private readonly key = h(
    "select",
    { class: "jp-mod-styled" },
    ...["major", "minor"].flatMap((mode) =>
      TONICS.map((tonic) => h("option", {}, `${tonic} ${mode}`)),
    ),
  );
}

/** What the project is to be; null if the question was put away. */
export async function askForProject(): Promise<NewProject | null> {
  const { button, value } = await showDialog({
    title: "New project",
    body: new Questions(),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: "Create" })],
    focusNodeSelector: "input",
  });
  return button.accept ? (value ?? null) : null;
}
