/** The chat: lines with author, time and place; new ones are said aloud, politely. */

import type { ChatLine } from "../../core/room_api.js";
import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { createStanding, keepLoaded } from "./live_list.js";
import { barLink, barOf, wordButton, type RoomScene } from "./room_scene.js";
import { createWaiting } from "./waiting.js";
import { clockTime } from "./words.js";

/** Lines of one person within so many milliseconds stand together. */
const TOGETHER = 120_000;
/** How near the end one has to be to be taken along by a new line. */
const NEAR = 60;

export interface Tab {
  readonly element: HTMLElement;
  /** Calls back with how many are unread, whenever that changes. */
  onUnread?(changed: (count: number) => void): void;
  /** The tab has come to the front. */
  shown?(): void;
}

export function createChat(scene: RoomScene): Tab {
  return new Chat(scene);
}

class Chat implements Tab {
  readonly element: HTMLElement;
  private readonly list = h("ol", { class: "cm-list cm-chat", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "Chat", tabindex: 0 });
  private readonly standing;
  private readonly earlier: HTMLButtonElement;
  private readonly lines = new Map<string, ChatLine>();
  private before: string | null = null;
  private unread = 0;
  private tell: (count: number) => void = () => undefined;

  constructor(private readonly scene: RoomScene) {
    this.standing = createStanding(scene, "Nobody has said anything yet. Say hello, or point at a bar.");
    this.earlier = wordButton("Earlier", () => this.standing.load(() => this.load(this.before)), scene.signal);
    const composer = createComposer(scene, {
      label: "Message", hint: "Write to everybody here", button: "Send", hasPlace: true, waits: true,
      send: (text, tick) => scene.api.say(text, tick),
    });
    this.element = h("div", { class: "cm-chat-box" },
      h("div", { class: "cm-scroll" }, this.earlier, this.standing.element, this.list, createWaiting(scene)), composer.element);
    const allow = (): void => composer.allow(scene.room.may.has("comment.add"), "You may read here, and not write.");
    scene.room.subscribe("rights", allow, scene.signal);
    allow();
    scene.room.onNews((news) => {
      const line = news.kind === "chat" ? scene.api.lineOf(news) : null;
      if (line !== null) this.add(line);
    }, scene.signal);
    this.earlier.hidden = true;
    keepLoaded(scene, [], () => void this.standing.load(() => this.load(null)));
  }

  onUnread(changed: (count: number) => void): void {
    this.tell = changed;
  }

  shown(): void {
    this.unread = 0;
    this.tell(0);
    this.toEnd();
  }

  private async load(before: string | null): Promise<void> {
    const { items, before: next } = await this.scene.api.messages(before);
    for (const line of items) this.lines.set(line.id, line);
    if (before !== null || this.before === null) {
      this.before = next;
      this.earlier.hidden = next === null;
    }
    this.draw();
    if (before === null) this.toEnd();
  }

  private add(line: ChatLine): void {
    if (this.lines.has(line.id)) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const wasNear = scrollHeight - scrollTop - clientHeight < NEAR;
    this.lines.set(line.id, line);
    this.draw();
    const isMine = line.author.id === this.scene.room.me?.person.id;
    if (wasNear || isMine) this.toEnd();
    if (isMine || this.element.checkVisibility()) return;
    this.unread += 1;
    this.tell(this.unread);
    this.scene.announce(`${line.author.name}: ${line.text}`);
  }

  private get scroller(): HTMLElement {
    return this.element.firstElementChild as HTMLElement;
  }

  private toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Draws only what is new: what stands is not said again. */
  private draw(): void {
    const lines = [...this.lines.values()].sort((a, b) => a.number - b.number);
    this.standing.showEmpty(lines.length === 0);
    lines.forEach((line, at) => {
      if ((this.list.children[at] as HTMLElement | undefined)?.dataset["id"] === line.id) return;
      this.list.insertBefore(drawLine(this.scene, line, lines[at - 1]), this.list.children[at] ?? null);
    });
  }
}

function drawLine(scene: RoomScene, line: ChatLine, before: ChatLine | undefined): HTMLElement {
  const goesOn = before?.author.id === line.author.id && Date.parse(line.at) - Date.parse(before.at) < TOGETHER;
  const isMine = line.author.id === scene.room.me?.person.id;
  const time = h("time", { class: "cm-soft", datetime: line.at, title: new Date(line.at).toLocaleString() }, clockTime(line.at, Date.now()));
  const head = h("p", { class: "cm-line-head" }, h("strong", {}, line.author.name), " ", time);
  const text = h("p", { class: "cm-line-text" });
  if (line.tick !== null) text.append(barLink(scene, line.tick), " ");
  text.append(line.text);
  const item = h("li", { class: "cm-line", "data-id": line.id, "data-goes-on": goesOn, "data-mine": isMine }, drawAvatar(line.author), head, text);
  if (line.tick !== null) item.dataset["bar"] = String(barOf(scene, line.tick));
  return item;
}
