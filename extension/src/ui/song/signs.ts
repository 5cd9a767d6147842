/** The bands over the tracks: sections to drag and stretch, markers, tempo and meter. */

import type { SongRevision } from "../../core/song_store.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { SLACK } from "../painting.js";
import { itemInks } from "./inks.js";
import type { Inspector } from "./inspector.js";
import { openSign } from "./sign_panel.js";
import { addSection, moveSign, removeSign, resizeSection, signsOf, type Sign } from "./signs_model.js";
import { doDeed, type SongPart, type SongScene } from "./song_scene.js";
import type { TimelineView } from "./timeline_view.js";
import { zoneAt, type Zone } from "./viewport.js";

export interface Signs extends SongPart {
  layOut(total: number): void;
}

interface Press {
  readonly pointer: number;
  readonly x: number;
  readonly tick: number;
  readonly sign: Sign | null;
  readonly zone: Zone;
  isDrag: boolean;
}

export function createSigns(scene: SongScene, view: () => TimelineView, inspector: Inspector): Signs {
  return new Bands(scene, view, inspector);
}

class Bands implements Signs {
  private readonly places = h("div", { class: "cm-signs", role: "group", "aria-label": "Tempo, meter and markers" });
  private readonly sections = h("div", { class: "cm-sections", role: "group", "aria-label": "Sections" });
  readonly element = h("div", { class: "cm-bands" }, this.places, this.sections);
  private readonly elements = new Map<string, HTMLElement>();
  private signs: readonly Sign[] = [];
  private total = 1;
  private press: Press | null = null;

  constructor(private readonly scene: SongScene, private readonly view: () => TimelineView, private readonly inspector: Inspector) {
    const { signal } = scene;
    on(this.element, "pointerdown", (event) => this.down(event), signal);
    on(this.element, "pointermove", (event) => this.move(event), signal);
    on(this.element, "pointerup", (event) => this.up(event), signal);
    on(this.element, "pointercancel", () => this.let(), signal);
    on(this.element, "keydown", (event) => {
      if (this.key(event)) event.preventDefault();
    }, signal);
    on(this.element, "click", (event) => {
      const sign = this.signUnder(event.target);
      if (sign !== null && event.detail === 0) openSign(scene, inspector, sign, event.target as HTMLElement);
    }, signal);
    on(this.sections, "dblclick", (event) => {
      if (this.signUnder(event.target) !== null || !scene.store.editable) return;
      const start = view().snap(view().tickAt(event.clientX), false);
      const { meter } = scene.arrangement;
      doDeed(scene, addSection(scene.arrangement, start, meter.meterAt(start).ticksPerBar * 4));
    }, signal);
  }

  update(_revision: SongRevision): void {
    this.signs = signsOf(this.scene.arrangement);
    const keys = new Set(this.signs.map((sign) => sign.key));
    for (const [key, element] of this.elements) {
      if (keys.has(key)) continue;
      element.remove();
      this.elements.delete(key);
    }
    for (const sign of this.signs) this.show(sign);
    this.park();
  }

  layOut(total: number): void {
    this.total = total;
    for (const sign of this.signs) this.place(sign, sign.tick, sign.length);
    this.giveRoom();
  }

  /** A sign of a place ends, with an ellipsis, where the next one begins. */
  private giveRoom(): void {
    const places = this.signs.filter((sign) => sign.kind !== "sections");
    places.forEach((sign, at) => {
      const next = places[at + 1];
      const room = next === undefined ? "none" : `${Math.max(0, (next.tick - sign.tick) * this.view().zoom - 13).toFixed(0)}px`;
      this.elements.get(sign.key)?.style.setProperty("--cm-room", room);
    });
  }

  private show(sign: Sign): void {
    const element = this.elements.get(sign.key) ?? this.create(sign);
    setText(element.querySelector(".cm-sign-text") ?? element, sign.text);
    setAttribute(element, "aria-label", sign.label);
    setAttribute(element, "title", sign.text);
    if (sign.color !== null) {
      const inks = itemInks(sign.color, false);
      element.style.setProperty("--cm-tone", inks.title);
      element.style.setProperty("--cm-on-tone", inks.text);
    }
    this.place(sign, sign.tick, sign.length);
  }

  private create(sign: Sign): HTMLElement {
    const element = h("button", { class: `cm-sign cm-sign-${sign.kind}`, type: "button", tabindex: -1, "data-key": sign.key, "aria-haspopup": "dialog" }, h("span", { class: "cm-sign-text" }));
    if (sign.kind === "sections") element.append(h("span", { class: "cm-item-edge" }), h("span", { class: "cm-item-edge cm-item-end" }));
    if (sign.kind === "time") element.prepend(h("span", { class: "cm-ramp" }));
    this.elements.set(sign.key, element);
    (sign.kind === "sections" ? this.sections : this.places).append(element);
    return element;
  }

  private place(sign: Sign, tick: number, length: number): void {
    const element = this.elements.get(sign.key);
    if (element === undefined) return;
    element.style.left = `${((tick / this.total) * 100).toFixed(6)}%`;
    if (length > 0) element.style.width = `${((length / this.total) * 100).toFixed(6)}%`;
    const ramp = element.querySelector<HTMLElement>(".cm-ramp");
    if (ramp === null) return;
    ramp.hidden = sign.ramp === null;
    ramp.style.width = `${((sign.ramp?.length ?? 0) * this.view().zoom).toFixed(1)}px`;
    setAttribute(ramp, "data-falls", (sign.ramp?.rise ?? 0) < 0);
  }

  private signUnder(target: EventTarget | null): Sign | null {
    const key = target instanceof Element ? target.closest<HTMLElement>(".cm-sign")?.dataset["key"] : undefined;
    return this.signs.find((sign) => sign.key === key) ?? null;
  }

  private park(): void {
    for (const group of [this.places, this.sections]) {
      const all = [...group.querySelectorAll<HTMLElement>(".cm-sign")];
      if (!all.some((element) => element.tabIndex === 0)) all[0]?.setAttribute("tabindex", "0");
    }
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.press !== null || !this.scene.store.editable) return;
    const sign = this.signUnder(event.target);
    if (sign === null && !this.sections.contains(event.target as Node)) return;
    const box = (event.target as Element).closest(".cm-sign")?.getBoundingClientRect();
    const zone = sign?.kind === "sections" && box !== undefined ? zoneAt(event.clientX - box.left, box.width, event.pointerType === "touch") : "body";
    this.press = { pointer: event.pointerId, x: event.clientX, tick: this.view().tickAt(event.clientX), sign, zone, isDrag: false };
    this.element.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const { press } = this;
    if (press?.pointer !== event.pointerId) return;
    if (!press.isDrag && Math.abs(event.clientX - press.x) <= SLACK) return;
    press.isDrag = true;
    const span = this.spanOf(press, event);
    if (press.sign !== null && span !== null) this.place(press.sign, span.start, span.length);
  }

  /** Where the pressed sign is now; for an empty place the stretch that was drawn. */
  private spanOf(press: Press, event: PointerEvent): { start: number; length: number } | null {
    const view = this.view();
    const way = view.tickAt(event.clientX) - press.tick;
    const { sign, zone } = press;
    const at = (tick: number): number => view.snap(tick, event.altKey);
    if (sign === null) {
      const [from, to] = [at(press.tick), at(press.tick + way)];
      return from === to ? null : { start: Math.min(from, to), length: Math.abs(to - from) };
    }
    if (sign.isFixed) return null;
    const least = view.unit(sign.tick);
    const after = sign.tick + sign.length;
    if (zone === "start") {
      const start = Math.min(at(sign.tick + way), after - least);
      return { start, length: after - start };
    }
    if (zone === "end") return { start: sign.tick, length: Math.max(at(after + way), sign.tick + least) - sign.tick };
    return { start: at(Math.max(0, sign.tick + way)), length: sign.length };
  }

  private up(event: PointerEvent): void {
    const { press } = this;
    if (press?.pointer !== event.pointerId) return;
    const span = press.isDrag ? this.spanOf(press, event) : null;
    this.let();
    const { sign } = press;
    if (!press.isDrag) {
      // A panel that opened within the press would be closed by its end.
      if (sign !== null) setTimeout(() => openSign(this.scene, this.inspector, sign, this.elements.get(sign.key) ?? this.element));
      return;
    }
    if (span === null) return;
    if (sign === null) doDeed(this.scene, addSection(this.scene.arrangement, span.start, span.length));
    else this.change(sign, press.zone, span.start, span.length);
  }

  private change(sign: Sign, zone: Zone, start: number, length: number): void {
    const { arrangement } = this.scene;
    if (start === sign.tick && length === sign.length) return;
    doDeed(this.scene, zone === "body" ? moveSign(arrangement, sign, start) : resizeSection(arrangement, sign, start, length));
  }

  /** Lets go: what was only drawn goes back to where the song says. */
  private let(): void {
    this.press = null;
    for (const sign of this.signs) this.place(sign, sign.tick, sign.length);
  }

  private key(event: KeyboardEvent): boolean {
    const sign = this.signUnder(event.target);
    if (sign === null || event.altKey) return false;
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (event.key === "Delete" || event.key === "Backspace") {
      const deed = removeSign(this.scene.arrangement, sign);
      if (deed === null) this.scene.announce("A song has a tempo and a meter at its beginning");
      doDeed(this.scene, deed);
      (this.element.querySelector<HTMLElement>('.cm-sign[tabindex="0"]'))?.focus();
      return true;
    }
    if (way === 0) return false;
    const unit = this.view().unit(sign.tick) * way;
    if (event.shiftKey) {
      if (!sign.isFixed) this.change(sign, "body", Math.max(0, sign.tick + unit), sign.length);
    } else if (event.ctrlKey || event.metaKey) {
      if (sign.kind === "sections") this.change(sign, "end", sign.tick, Math.max(Math.abs(unit), sign.length + unit));
    } else this.step(sign, way);
    return true;
  }

  private step(sign: Sign, way: number): void {
    const all = this.signs.filter((other) => (other.kind === "sections") === (sign.kind === "sections"));
    const next = all[all.indexOf(sign) + way];
    if (next === undefined) return;
    this.elements.get(sign.key)?.setAttribute("tabindex", "-1");
    const element = this.elements.get(next.key);
    element?.setAttribute("tabindex", "0");
    element?.focus();
    this.view().reveal(next.tick);
  }
}
