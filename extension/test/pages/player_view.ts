/** A page with a Player widget; its kernel is the test, which answers through `ask`. */

import { page } from "../../src/audio/page.js";
import { PlayerConnection, type PlayerMessage, type PlayerModel } from "../../src/widgets/player.js";

type Listener = (...values: never[]) => void;
type Answer = [message: PlayerMessage, buffers: string[]];

declare global {
  // Playwright gives it to the page.
  function ask(message: PlayerMessage): Promise<Answer[]>;
}

const bytes = (text: string): DataView => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

/** What anywidget gives a widget, over Playwright instead of a comm. */
class PageModel {
  private readonly listeners = new Map<string, Set<Listener>>();
  constructor(readonly traits: Record<string, unknown>) {}

  get(name: string): unknown {
    return this.traits[name];
  }

  set(name: string, value: unknown): void {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {
    // The test reads the traits where they are.
  }

  send(message: PlayerMessage): void {
    void ask(message).then((answers) => {
      for (const [answer, buffers] of answers) this.emit("msg:custom", answer, buffers.map(bytes));
    });
  }

  on(event: string, heard: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(heard));
  }

  off(event: string, heard: Listener): void {
    this.listeners.get(event)?.delete(heard);
  }

  private emit(event: string, ...values: unknown[]): void {
    for (const heard of this.listeners.get(event) ?? []) heard(...(values as never[]));
  }
}

/** Shows a widget with these traits; gives its model. */
function show(traits: Record<string, unknown>): PageModel {
  const model = new PageModel({ ...traits, _outline: bytes(String(traits["_outline"])) });
  const ending = new AbortController();
  const connection = new PlayerConnection(model as unknown as PlayerModel, ending.signal);
  const place = document.body.appendChild(document.createElement("div"));
  connection.render(place, ending.signal);
  Object.assign(globalThis, { model, ending, deck: (connection as unknown as { deck: unknown }).deck });
  return model;
}

Object.assign(globalThis, { show: (traits: Record<string, unknown>) => void show(traits), page });
