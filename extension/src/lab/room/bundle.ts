/** The widgets' bundle, which knows how to show rooms: fetched when one is first shown. */

import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import type { ServerConnection } from "@jupyterlab/services";

/** Which room, on which server, for how long. */
interface Shown {
  readonly piece: string;
  readonly title: string;
  readonly base: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

type Show = (el: HTMLElement, shown: Shown) => void;

/** What of the bundle is used here. */
interface Bundle {
  readonly showRoom: Show;
  readonly showSong: Show;
}

/** A piece that has a room. */
export interface Piece {
  readonly piece: string;
  /** How it is called until its music is there. */
  readonly title: string;
}

export class RoomViews {
  private bundle: Promise<Bundle> | null = null;

  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** Shows a room, or its music alone, in an element until the signal ends. */
  async show(what: keyof Bundle, el: HTMLElement, { piece, title }: Piece, signal: AbortSignal): Promise<void> {
    this.bundle ??= fetched();
    this.bundle.catch(() => {
      this.bundle = null;
    });
    const bundle = await this.bundle;
    const { baseUrl, token } = this.settings;
    if (!signal.aborted) bundle[what](el, { piece, title, base: new URL(baseUrl, location.href).href, token, signal });
  }
}

/** It lies beside this extension, under a name with its hash. */
async function fetched(): Promise<Bundle> {
  const folder = PageConfig.getOption("fullLabextensionsUrl") || URLExt.join(PageConfig.getBaseUrl(), "lab/extensions");
  const at = new URL(`${folder}/@cellissimo/lab/static/`, location.href).href;
  const answer = await fetch(`${at}bundle.json`, { cache: "no-cache" });
  if (!answer.ok) throw new Error("This JupyterLab has not all of the extension. Build it anew, then reload the page.");
  const { bundle } = (await answer.json()) as { readonly bundle: string };
  return (await import(/* webpackIgnore: true */ at + bundle)) as Bundle;
}
