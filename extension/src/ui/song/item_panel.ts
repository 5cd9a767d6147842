/** The fields of a segment of notes or audio: its name, gain and fades. */

import { FADE_CURVES, FADE_RANGE, GAIN_RANGE, NAME_LENGTH } from "../../gen/limits.js";
import type { Segment } from "../../gen/models.js";
import { python } from "../code_lines.js";
import { perform } from "../scene.js";
import type { Item } from "./arrangement.js";
import { removeItems } from "./edits.js";
import { actionButton, choiceField, numberField, textField } from "./form.js";
import type { Inspector } from "./inspector.js";
import { segmentRef } from "./song_lines.js";
import { doDeed, type SongScene } from "./song_scene.js";
import { sayItem } from "./words.js";

type Field = "name" | "gain" | "fade_in" | "fade_out" | "fade_in_curve" | "fade_out_curve";

/** Opens the panel of a segment. */
export function openSegment(scene: SongScene, inspector: Inspector, item: Item, anchor: HTMLElement): void {
  const { segment } = item;
  if (segment === null || !scene.store.editable) return scene.announce(sayItem(scene.arrangement, item));
  inspector.open(anchor, sayItem(scene.arrangement, item), (signal, close) => {
    const write = <K extends Field>(field: K, value: Segment[K]): void => {
      const code = `${segmentRef(scene.store.revision.song, segment.id)}.${field} = ${python(value)}`;
      perform(scene, code, `${field.replaceAll("_", " ")} ${value}`, (edit) => edit.set("segments", segment.id, { [field]: value }));
    };
    const [low, high] = GAIN_RANGE;
    const fade = { low: FADE_RANGE[0], high: FADE_RANGE[1], step: 10, unit: "ms" };
    const curves = FADE_CURVES.map((curve) => [curve, curve] as const);
    const name = textField("Name", item.name, NAME_LENGTH, signal, (text) => write("name", text));
    name.querySelector("input")?.setAttribute("data-first", "");
    return {
      fields: [
        name,
        numberField("Gain", segment.gain, { low, high, step: 0.5, unit: "dB" }, signal, (value) => write("gain", value)),
        numberField("Fade in", segment.fade_in, fade, signal, (value) => write("fade_in", value)),
        choiceField("Its curve", segment.fade_in_curve, curves, signal, (value) => write("fade_in_curve", value)),
        numberField("Fade out", segment.fade_out, fade, signal, (value) => write("fade_out", value)),
        choiceField("Its curve", segment.fade_out_curve, curves, signal, (value) => write("fade_out_curve", value)),
        actionButton("trash", "Delete", signal, () => {
          close();
          doDeed(scene, removeItems(scene.arrangement, [item]));
        }),
      ],
    };
  });
}
