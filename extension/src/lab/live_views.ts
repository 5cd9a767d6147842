/** Where the live widgets of one notebook or console come from: ipywidgets, once a kernel runs. */

import type { ISessionContext } from "@jupyterlab/apputils";
import type { IRenderMime, IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { Kernel } from "@jupyterlab/services";
import { type ISignal, Signal } from "@lumino/signaling";

/** The media type of a widget's reference, as ipywidgets registers it. */
export const WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";

/** What a renderer needs from the document it is shown in. */
export interface LiveViews {
  /** A renderer for widget references; null while no kernel could give it a model. */
  create(): IRenderMime.IRenderer | null;
  /** Emits true when a view may now be had, false when those at hand have died. */
  readonly changed: ISignal<LiveViews, boolean>;
}

const GONE: ReadonlySet<Kernel.Status> = new Set<Kernel.Status>([
  "restarting",
  "autorestarting",
  "terminating",
  "dead",
]);

/** The live views of one notebook or console. */
export class SessionViews implements LiveViews {
  /**
   * ipywidgets puts a factory of its own into `renderers` once it knows the kernel. Until then
   * the one inherited from `inherited` makes renderers that would wait for ever.
   */
  constructor(
    private readonly renderers: IRenderMimeRegistry,
    private readonly inherited: IRenderMimeRegistry,
    session: ISessionContext,
  ) {
    session.statusChanged.connect((_, status) => this.changed.emit(!GONE.has(status)));
    session.kernelChanged.connect((_, change) => {
      if (change.oldValue !== null) {
        this.changed.emit(false);
      }
    });
  }

  readonly changed = new Signal<this, boolean>(this);

  create(): IRenderMime.IRenderer | null {
    const factory = this.renderers.getFactory(WIDGET_TYPE);
    if (factory === undefined || factory === this.inherited.getFactory(WIDGET_TYPE)) {
      return null;
    }
    return this.renderers.createRenderer(WIDGET_TYPE);
  }
}
