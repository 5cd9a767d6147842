/** Shows an output of ours: its still form at once, the live widget in its place when it is there. */

import { MimeModel } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime";
import { type Message, MessageLoop } from "@lumino/messaging";
import { Panel, Widget } from "@lumino/widgets";
import { type LiveViews, WIDGET_TYPE } from "./live_views.js";
import { drawStill, readStill } from "./still.js";

/** The media type that every display of ours carries. */
export const VIEW_TYPE = "application/vnd.cellissimo.view+json";

/** Sent by a widget of ours from its element, bubbling, when it has drawn itself. */
export const READY_EVENT = "cellissimo:ready";

/** Stands on that element from then on, for whoever comes after the event. */
export const READY_MARK = "[data-cellissimo-ready]";

/** One output. `live` is null where no widget can come: a viewer, a file browser's preview. */
export class ViewRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly live: LiveViews | null) {
    super();
    this.addClass("cellissimo-view");
    this.addWidget(this.still);
    live?.changed.connect(this.follow, this);
  }

  /** Resolves when the still form stands; the widget follows whenever its kernel is ready. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = drawStill(readStill(model.data));
    this.still.node.replaceChildren(figure);
    const modelId = model.trusted ? modelIdIn(model) : null;
    if (modelId !== this.modelId) {
      this.dropWidget();
    }
    this.modelId = modelId;
    this.invite(figure, model);
    this.tryWidget();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.live?.changed.disconnect(this.follow, this);
      this.stopSound();
      super.dispose();
    }
  }

  /** ipywidgets hides its renderer when the widget inside was closed. */
  override processMessage(message: Message): void {
    super.processMessage(message);
    if (message instanceof Widget.ChildMessage && message.type === "child-hidden") {
      if (message.child === this.widget) {
        // Not now: that widget stands in the middle of its own disposal.
        queueMicrotask(() => this.dropWidget());
      }
    }
  }

  private follow(_: LiveViews, possible: boolean): void {
    if (possible) {
      this.tryWidget();
    } else {
      // For good: ipywidgets keeps models whose kernel has gone, and would show them dead.
      this.modelId = null;
      this.dropWidget();
    }
  }

  private tryWidget(): void {
    if (this.modelId === null || this.widget !== null || this.isDisposed) {
      return;
    }
    const widget = this.live?.create() ?? null;
    if (widget === null) {
      return;
    }
    this.widget = widget;
    widget.addClass("cellissimo-live");
    setWaiting(widget, true);
    const check = (): void => this.showIfReady(widget);
    widget.node.addEventListener(READY_EVENT, check);
    MessageLoop.installMessageHook(widget, (_, message) => {
      if (message.type === "child-added") {
        queueMicrotask(check);
      }
      return true;
    });
    this.addWidget(widget);
    // A model of its own: ipywidgets empties the reference of a widget that was closed, and the
    // saved notebook should keep what the cell has put out.
    const data = { [WIDGET_TYPE]: { version_major: 2, version_minor: 0, model_id: this.modelId } };
    void widget.renderModel(new MimeModel({ trusted: true, data })).then(check);
  }

  private showIfReady(widget: IRenderMime.IRenderer): void {
    if (widget === this.widget && widget.node.querySelector(READY_MARK) !== null) {
      this.stopSound();
      this.still.hide();
      setWaiting(widget, false);
    }
  }

  private dropWidget(): void {
    this.widget?.dispose();
    this.widget = null;
    if (!this.isDisposed) {
      this.still.show();
    }
  }

  private stopSound(): void {
    this.still.node.querySelector("audio")?.pause();
  }

  private invite(figure: HTMLElement, model: IRenderMime.IMimeModel): void {
    if (this.live !== null && canBeLive(model)) {
      const line = document.createElement("p");
      line.className = "cellissimo-invitation";
      line.textContent = "Run the cell to make it live.";
      figure.append(line);
    }
  }

  private readonly still = new Widget();
  private modelId: string | null = null;
  private widget: IRenderMime.IRenderer | null = null;
}

/** A waiting widget is laid out, so that it can draw at its size, but neither seen nor reached. */
function setWaiting(widget: IRenderMime.IRenderer, waiting: boolean): void {
  widget.toggleClass("cellissimo-waiting", waiting);
  widget.node.inert = waiting;
}

/** What has a widget; a chord stays as it is. */
const LIVE: ReadonlySet<unknown> = new Set(["loop", "song", "player"]);

/** Whether running the cell makes more of it. */
function canBeLive(model: IRenderMime.IMimeModel): boolean {
  const view = model.data[VIEW_TYPE];
  return typeof view === "object" && view !== null && "kind" in view && LIVE.has(view["kind"]);
}

function modelIdIn(model: IRenderMime.IMimeModel): string | null {
  const reference = model.data[WIDGET_TYPE];
  if (typeof reference !== "object" || reference === null || !("model_id" in reference)) {
    return null;
  }
  const id = reference["model_id"];
  return typeof id === "string" && id !== "" ? id : null;
}
