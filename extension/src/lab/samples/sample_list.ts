/** The list of samples, which grows by "more"; waves are fetched as their rows come into sight. */

import type { Outline, Sample, SampleList } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { h, textButton } from "../page/element.js";
import { empty, failure, loading, PATIENCE_MS } from "../page/states.js";
import type { Samples } from "../server/samples.js";
import { counted } from "../words.js";
import { type SampleActions, SampleRow } from "./sample_row.js";

export class SampleListView {
  readonly element = h("div", { class: "cl-shelf" });

  constructor(
    private readonly samples: Samples,
    private readonly actions: SampleActions,
    private readonly announcer: Announcer,
    /** Told each answer, for what it says of the room that is used. */
    private readonly told: (list: SampleList) => void,
  ) {}

  /** Loads what matches from its beginning. */
  async show(words: string): Promise<void> {
    this.words = words;
    const asked = (this.asked += 1);
    const waiting = setTimeout(() => {
      if (asked === this.asked) this.element.replaceChildren(loading());
    }, PATIENCE_MS);
    try {
      const list = await this.samples.list(words, null);
      if (asked === this.asked) this.draw(list);
    } catch (error) {
      if (asked === this.asked) {
        this.element.replaceChildren(failure(error, () => this.show(words)));
      }
    } finally {
      clearTimeout(waiting);
    }
  }

  /** Draws a sample anew where it stands. */
  replace(sample: Sample): void {
    const old = this.rows.get(sample.id);
    if (old === undefined) return;
    const hadFocus = old.element.contains(document.activeElement);
    const row = this.row(sample);
    old.element.replaceWith(row.element);
    if (hadFocus) focusMore(row.element);
  }

  /** Takes a sample out; focus goes to its neighbour. */
  drop(id: string): void {
    const old = this.rows.get(id)?.element;
    const next = old?.nextElementSibling ?? old?.previousElementSibling ?? null;
    old?.remove();
    this.rows.delete(id);
    if (next === null) void this.show(this.words);
    else focusMore(next);
  }

  private draw(list: SampleList): void {
    this.told(list);
    this.announcer.say(list.total === 0 ? "No samples" : counted(list.total, "sample"));
    this.rows.clear();
    this.sight.disconnect();
    if (list.samples.length === 0) {
      const words = "No samples yet. Drag sound files here, or choose them with the button above.";
      this.element.replaceChildren(
        empty(this.words === "" ? words : `Nothing matches “${this.words}”.`),
      );
      return;
    }
    this.items = h("ul", { class: "cl-cards", "aria-label": "Samples" });
    this.element.replaceChildren(this.items);
    this.append(list);
  }

  private append(list: SampleList): void {
    this.items.append(...list.samples.map((sample) => this.row(sample).element));
    if (list.next === null) return;
    const left = Math.max(0, list.total - this.rows.size);
    const more = textButton(left > 0 ? `Show more (${left} left)` : "Show more", () =>
      this.extend(more, list.next),
    );
    this.element.append(more);
  }

  private async extend(more: HTMLButtonElement, after: string | null): Promise<void> {
    const { asked } = this;
    more.disabled = true;
    try {
      const list = await this.samples.list(this.words, after);
      if (asked !== this.asked) return;
      more.remove();
      this.append(list);
      this.announcer.say(counted(list.samples.length, "more sample"));
      const first = this.rows.get(list.samples[0]?.id ?? "");
      first?.element.querySelector<HTMLElement>("button")?.focus();
    } catch (error) {
      more.replaceWith(failure(error, () => this.show(this.words)));
    }
  }

  private row(sample: Sample): SampleRow {
    const row = new SampleRow(sample, this.actions);
    this.rows.set(sample.id, row);
    this.sight.observe(row.element);
    return row;
  }

  private async drawWave(id: string): Promise<void> {
    const row = this.rows.get(id);
    if (row === undefined) return;
    let peaks = this.waves.get(row.sample.blob);
    if (peaks === undefined) {
      peaks = this.samples.peaks(row.sample).catch(() => null);
      this.waves.set(row.sample.blob, peaks);
    }
    const known = await peaks;
    // A row without its wave is still a row; another look asks again.
    if (known === null) this.waves.delete(row.sample.blob);
    else row.wave.draw(known);
  }

  private readonly sight = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      this.sight.unobserve(target);
      void this.drawWave(target.dataset["id"] ?? "");
    }
  });
  private readonly rows = new Map<string, SampleRow>();
  private readonly waves = new Map<string, Promise<Outline | null>>();
  private items = h("ul");
  private words = "";
  private asked = 0;
}

function focusMore(item: Element): void {
  item.querySelector<HTMLElement>("[data-part=more]")?.focus();
}
