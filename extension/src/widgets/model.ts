/** What of an anywidget model is used here, with the types of our traits. */

/** The traits that say what the document says; views and links see one value. */
export interface LoopTraits {
  name: string;
  tempo: number;
  swing: number;
  level: number;
  bars: number;
  key: string;
}

/** All traits of a Loop widget. */
export interface Traits extends LoopTraits {
  playing: boolean;
  /** The line of Python that does what the last gesture did. */
  gesture: string;
  _document_id: string;
  _loop_id: string;
  /** File name of the bundle. */
  _bundle: string;
  /** The whole document when the page asked for it. */
  _state: DataView;
}

/** A message beside the traits; its bytes travel as buffers. */
export interface Message {
  kind: "frame" | "bundle" | "views";
  gesture?: string;
  count?: number;
}

export interface Model {
  get<K extends keyof Traits>(name: K): Traits[K];
  set<K extends keyof Traits>(name: K, value: Traits[K]): void;
  save_changes(): void;
  send(message: Message, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: `change:${keyof Traits}`, heard: () => void): void;
  on(event: "msg:custom", heard: (message: Message, buffers: DataView[]) => void): void;
  off(event: string, heard: (...values: never[]) => void): void;
}

/** What the bundle gives the loader for one model. */
export interface Connection {
  render(el: HTMLElement, signal: AbortSignal): void;
}

/** A message that came before the bundle was there. */
export type Held = [message: Message, buffers: DataView[]];

export interface Bundle {
  connect(model: Model, held: readonly Held[], signal: AbortSignal): Connection;
}

export function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Tells the kernel something; nothing where it has gone, as when its notebook was closed. */
export function tell(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && error.message === "Cannot send")) throw error;
  }
}
