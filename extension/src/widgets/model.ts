/** What of an anywidget model is used here, with the types of our traits. */

/** What a widget shows; the bundle has one connection for each. */
export type Kind = "loop" | "song" | "player";

/** The traits that every widget of ours has. */
export interface WidgetTraits {
  /** "loop" where a widget has none. */
  _kind?: Kind;
  /** File name of the bundle. */
  _bundle: string;
}

/** The traits that say what the document says; views and links see one value. */
export interface LoopTraits {
  name: string;
  tempo: number;
  swing: number;
  level: number;
  bars: number;
  key: string;
}

/** The same of a song. */
export interface SongTraits {
  name: string;
  tempo: number;
  level: number;
  key: string;
}

/** The traits of every widget that shows part of a document. */
export interface LiveTraits extends WidgetTraits {
  playing: boolean;
  /** The document's id, and behind a "#" how often the kernel has opened it anew. */
  _document_id: string;
  /** The whole document when the page asked for it. */
  _state: DataView;
  /** The room of the piece as JSON, {"piece", "path"}; empty where it has none. */
  _room?: string;
}

/** All traits of a Loop widget. */
export interface Traits extends LoopTraits, LiveTraits {
  _loop_id: string;
}

/** A message beside the traits; its bytes travel as buffers. */
export interface Message {
  kind?: "frame" | "bundle" | "views" | "ticket" | "claim" | "gesture";
  gesture?: string;
  /** The line of Python that does what the gesture did. */
  line?: string;
  count?: number;
  /** A page of audio: asked for by blob and number under an id, answered by the id. */
  page?: readonly [blob: string, page: number] | number;
  /** The outline of a recording of so many frames, in the same way. */
  peaks?: readonly [blob: string, frames: number] | number;
  id?: number;
  /** A sample of the server to be put on a stem, or a new one (null), at a tick. */
  take?: readonly [sample: string, stem: string | null, tick: number];
  /** The id under which a sample was asked for, once it stands there or is refused. */
  taken?: number;
  /** A ticket into the room that the kernel was asked for, and the room's address. */
  ticket?: string;
  url?: string;
  /** What a gesture has changed that reaches the kernel through the room. */
  keys?: readonly (readonly string[])[];
  /** Why it cannot be had. */
  error?: string;
}

/** A widget's model with the traits `T` and the messages `M`; a loop's unless told. */
export interface Model<T extends WidgetTraits = Traits, M = Message> {
  get<K extends keyof T>(name: K): T[K];
  set<K extends keyof T>(name: K, value: T[K]): void;
  save_changes(): void;
  send(message: M, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: `change:${keyof T & string}`, heard: () => void): void;
  on(event: "msg:custom", heard: (message: M, buffers: DataView[]) => void): void;
  off(event: string, heard: (...values: never[]) => void): void;
}

/** The model of any widget that shows part of a document. */
export type LiveModel = Model<LiveTraits, Message>;

export type SongModel = Model<SongTraits & LiveTraits, Message>;

/** What the bundle gives the loader for one model. */
export interface Connection {
  render(el: HTMLElement, signal: AbortSignal): void;
}

/** A message that came before the bundle was there. */
export type Held<M = Message> = [message: M, buffers: DataView[]];

/** A model of which nothing is known but that it is ours. */
export type AnyModel = Model<WidgetTraits, { readonly kind: string }>;

export interface Bundle {
  connect(
    model: AnyModel,
    held: readonly Held<{ readonly kind: string }>[],
    signal: AbortSignal,
  ): Connection;
}

/** The id of the document that a widget shows, in whichever replica. */
export function documentOf(model: LiveModel): string {
  return model.get("_document_id").replace(/#.*$/, "");
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
