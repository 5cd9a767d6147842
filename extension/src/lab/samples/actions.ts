/** What can be done with a sample, as commands that its menu shows. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Clipboard, Dialog, InputDialog, showDialog } from "@jupyterlab/apputils";
import { MenuSvg } from "@jupyterlab/ui-components";
import type { Sample } from "../../gen/rest.js";
import type { Notebooks } from "../open_notebook.js";
import { complain } from "../page/complaint.js";
import { Refusal } from "../server/refusal.js";
import type { Samples } from "../server/samples.js";
import { pythonComment, sentences } from "../words.js";
import { sampleCall } from "./sample_row.js";

/** What happens to the rows on show. */
export interface ShownSamples {
  changed(sample: Sample): void;
  gone(sample: Sample): void;
  say(words: string): void;
}

const PREFIX = "cellissimo:sample-";

export class SampleMenu {
  constructor(
    app: JupyterFrontEnd,
    private readonly samples: Samples,
    private readonly notebooks: Notebooks,
    private readonly shown: ShownSamples,
  ) {
    this.popup = new MenuSvg({ commands: app.commands });
    this.popup.addClass("jp-ThemedContainer");
    this.add(app, "insert", "Insert into the notebook", (sample) => this.insert(sample));
    this.add(app, "copy", "Copy its line of Python", (sample) => {
      Clipboard.copyToSystem(sampleCall(sample));
      this.shown.say("The line is copied");
    });
    this.add(app, "rename", "Rename…", (sample) => this.rename(sample));
    this.add(app, "delete", "Delete…", (sample) => this.delete(sample));
    this.popup.aboutToClose.connect(() => this.anchor?.focus());
  }

  open(sample: Sample, beside: HTMLElement, at?: { readonly x: number; readonly y: number }): void {
    this.target = sample;
    this.anchor = beside;
    const box = beside.getBoundingClientRect();
    this.popup.open(at?.x ?? box.left, at?.y ?? box.bottom);
    if (at === undefined) this.popup.activeIndex = 0;
  }

  private add(
    app: JupyterFrontEnd,
    id: string,
    label: string,
    act: (sample: Sample) => unknown,
  ): void {
    const command = PREFIX + id;
    app.commands.addCommand(command, {
      label,
      isEnabled: () => this.target !== null && (id !== "insert" || this.notebooks.hasOpen),
      execute: async () => {
        if (this.target !== null) await act(this.target);
      },
    });
    this.popup.addItem({ command });
  }

  private async insert(sample: Sample): Promise<void> {
    const line = `${sampleCall(sample)}  ${pythonComment(sample.name)}`;
    await complain(this.notebooks.insert(line, false), "It was not inserted");
  }

  private async rename(sample: Sample): Promise<void> {
    const { value } = await InputDialog.getText({
      title: "Rename the sample",
      label: "Name",
      text: sample.name,
      okLabel: "Rename",
    });
    const name = value?.trim() ?? "";
    if (name === "" || name === sample.name) return;
    const renamed = await complain(this.samples.rename(sample, name), "It was not renamed");
    if (renamed !== undefined) this.shown.changed(renamed);
  }

  private async delete(sample: Sample): Promise<void> {
    const { button } = await showDialog({
      title: "Delete the sample?",
      body: `“${sample.name}” goes to the trash of your projects.`,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: "Delete" })],
      defaultButton: 0,
    });
    if (button.accept && (await this.isDeleted(sample))) this.shown.gone(sample);
  }

  /** Asks again where songs use it: they would be silent there. */
  private async isDeleted(sample: Sample): Promise<boolean> {
    try {
      await this.samples.delete(sample, false);
      return true;
    } catch (error) {
      const refusal = Refusal.of(error);
      if (refusal.code !== "conflict") {
        await complain(Promise.reject(refusal), "It was not deleted");
        return false;
      }
      return this.deleteUsed(sample, refusal);
    }
  }

  private async deleteUsed(sample: Sample, { message }: Refusal): Promise<boolean> {
    const { button } = await showDialog({
      title: `“${sample.name}” is in use`,
      body: sentences(message, "They keep its sound; it goes from your list."),
      buttons: [
        Dialog.cancelButton({ label: "Keep it" }),
        Dialog.warnButton({ label: "Delete anyway" }),
      ],
      defaultButton: 0,
    });
    if (!button.accept) return false;
    const done = await complain(this.samples.delete(sample, true), "It was not deleted");
    return done !== undefined;
  }

  private readonly popup: MenuSvg;
  private target: Sample | null = null;
  private anchor: HTMLElement | null = null;
}
