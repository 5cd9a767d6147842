/** The still form of a display: its picture, its sound and its words, taken from the HTML beside it. */

import type { ReadonlyPartialJSONObject, ReadonlyPartialJSONValue } from "@lumino/coreutils";

/** What a saved display shows and plays with no kernel behind it. */
export interface Still {
  /** A `data:` URI of an SVG picture; null if there is none. */
  readonly picture: string | null;
  /** A `data:` URI of MP3 sound; null if there is none. */
  readonly sound: string | null;
  /** What a screen reader says for the picture, and the tip over the player. */
  readonly alt: string;
  readonly caption: string;
  /** The digest, shown when there is no picture. */
  readonly text: string;
}

// Only these two forms may be shown from a notebook nobody has trusted yet: an SVG inside <img>
// runs no script and fetches nothing, and MP3 is only sound.
const PICTURE = /^data:image\/svg\+xml;base64,[A-Za-z0-9+/]+={0,2}$/;
const SOUND = /^data:audio\/mpeg;base64,[A-Za-z0-9+/]+={0,2}$/;

/** The still form held in a MIME bundle; every part that is missing or suspicious is left out. */
export function readStill(bundle: ReadonlyPartialJSONObject): Still {
  const page = new DOMParser().parseFromString(textOf(bundle["text/html"]), "text/html");
  const figure = page.querySelector("figure.cellissimo-view");
  const image = figure?.querySelector("img") ?? null;
  return {
    picture: allowed(image, PICTURE),
    sound: allowed(figure?.querySelector("audio") ?? null, SOUND),
    alt: image?.getAttribute("alt") ?? "",
    caption: figure?.querySelector("figcaption")?.textContent.trim() ?? "",
    text: textOf(bundle["text/plain"]),
  };
}

/** New nodes that show the still form. */
export function drawStill(still: Still): HTMLElement {
  const figure = document.createElement("figure");
  figure.className = "cellissimo-still";
  figure.append(still.picture === null ? digest(still.text) : picture(still.picture, still.alt));
  if (still.sound !== null) {
    figure.append(sound(still.sound, still.alt));
  }
  if (still.caption !== "") {
    const caption = document.createElement("figcaption");
    caption.textContent = still.caption;
    figure.append(caption);
  }
  return figure;
}

function textOf(value: ReadonlyPartialJSONValue | undefined): string {
  if (Array.isArray(value)) {
    return value.join("");
  }
  return typeof value === "string" ? value : "";
}

function allowed(element: Element | null, form: RegExp): string | null {
  const source = element?.getAttribute("src") ?? "";
  return form.test(source) ? source : null;
}

function picture(source: string, alt: string): HTMLImageElement {
  const image = document.createElement("img");
  image.src = source;
  image.alt = alt;
  return image;
}

function sound(source: string, label: string): HTMLAudioElement {
  const player = document.createElement("audio");
  player.controls = true;
  player.preload = "metadata";
  player.src = source;
  player.setAttribute("aria-label", label);
  return player;
}

function digest(text: string): HTMLPreElement {
  const words = document.createElement("pre");
  words.textContent = text;
  return words;
}
