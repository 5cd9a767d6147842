/** The sidebar of samples: what was uploaded, heard with a click, dragged into a notebook. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { fileUploadIcon, refreshIcon } from "@jupyterlab/ui-components";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import type { Sample, SampleList } from "../../gen/rest.js";
import { samplesIcon } from "../icon.js";
import type { Notebooks } from "../open_notebook.js";
import { Announcer } from "../page/announcer.js";
import { h, iconButton } from "../page/element.js";
import { Search } from "../page/search.js";
import { drawAmount } from "../projects/footer.js";
import { Samples } from "../server/samples.js";
import type { Server } from "../server/server.js";
import { SampleMenu, type ShownSamples } from "./actions.js";
import { type Listener, Preview } from "./preview.js";
import { SampleListView } from "./sample_list.js";
import type { SampleActions } from "./sample_row.js";
import { type Sizes, Uploads } from "./uploads.js";

const MB = 1_000_000;
const USUAL: Sizes = { sample: 5 * MB, recording: 100 * MB, original: 500 * MB };

export class SamplesPanel extends Widget implements SampleActions, ShownSamples {
  constructor(app: JupyterFrontEnd, server: Server, notebooks: Notebooks) {
    super();
    this.id = "cellissimo-samples";
    this.title.icon = samplesIcon;
    this.title.caption = "Samples: sounds to hear and to use";
    this.addClass("cl-panel");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Samples");
    this.samples = new Samples(server);
    this.popup = new SampleMenu(app, this.samples, notebooks, this);
    this.list = new SampleListView(this.samples, this, this.announcer, (list) => this.measure(list));
    this.uploads = new Uploads(this.samples, () => this.sizes, (sample) => this.arrived(sample));
    this.build();
    this.takeFiles();
  }

  toggle(sample: Sample, row: Listener): void {
    if (this.preview.isPlayedFor(row)) this.preview.stop();
    else void this.preview.play(this.samples.address(sample), row);
  }

  menu(sample: Sample, beside: HTMLElement, at?: { readonly x: number; readonly y: number }): void {
    this.popup.open(sample, beside, at);
  }

  changed(sample: Sample): void {
    this.list.replace(sample);
    this.say(`It is called ${sample.name} now`);
  }

  gone(sample: Sample): void {
    this.list.drop(sample.id);
    this.say(`${sample.name} is deleted`);
  }

  say(words: string): void {
    this.announcer.say(words);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.preview.stop();
  }

  private async refresh(): Promise<void> {
    await this.list.show(this.search.words);
    const about = await this.samples.about().catch(() => null);
    if (about !== null) this.sizes = sizesIn(about.settings);
  }

  private arrived(sample: Sample): void {
    this.say(`${sample.name} is here`);
    void this.list.show(this.search.words);
  }

  private measure({ totalSize, quota }: SampleList): void {
    this.footer.replaceChildren(drawAmount("samples", { used: totalSize, quota }));
  }

  /** Files may be dropped anywhere on the panel. */
  private takeFiles(): void {
    const { node } = this;
    node.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      node.classList.add("cl-receives");
    });
    node.addEventListener("dragleave", (event) => {
      if (!node.contains(event.relatedTarget as Node | null)) node.classList.remove("cl-receives");
    });
    node.addEventListener("drop", (event) => {
      node.classList.remove("cl-receives");
      if (!carriesFiles(event)) return;
      event.preventDefault();
      void this.uploads.send([...(event.dataTransfer?.files ?? [])]);
    });
  }

  private build(): void {
    this.chooser.addEventListener("change", () => {
      void this.uploads.send([...(this.chooser.files ?? [])]);
      this.chooser.value = "";
    });
    const head = h(
      "header",
      { class: "cl-head" },
      h("h2", {}, "Samples"),
      iconButton(fileUploadIcon, "Upload sound files", () => this.chooser.click()),
      iconButton(refreshIcon, "Refresh", () => this.refresh()),
    );
    this.node.append(
      head,
      this.search.element,
      this.uploads.element,
      h("div", { class: "cl-body" }, this.list.element),
      this.footer,
      this.announcer.element,
      this.chooser,
    );
  }

  private readonly samples: Samples;
  private readonly popup: SampleMenu;
  private readonly list: SampleListView;
  private readonly uploads: Uploads;
  private readonly preview = new Preview();
  private readonly announcer = new Announcer();
  private readonly search = new Search("Search samples", () => void this.refresh());
  private readonly footer = h("footer", { class: "cl-foot" });
  private readonly chooser = h("input", {
    type: "file",
    multiple: true,
    accept: "audio/*",
    hidden: true,
    "aria-label": "Sound files",
  });
  private sizes = USUAL;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

/** What the server accepts, where it says so. */
function sizesIn(settings: Readonly<Record<string, unknown>>): Sizes {
  const of = (name: string, usual: number): number => {
    const value = settings[name];
    return typeof value === "number" ? value : usual;
  };
  return {
    sample: of("sample_bytes", USUAL.sample),
    recording: of("recording_bytes", USUAL.recording),
    original: of("original_bytes", USUAL.original),
  };
}
