/** The script of public pages: the music comes, is drawn and can be heard; nobody is signed in. */

import { page as soundOfPage } from "../audio/page.js";
import type { Playable } from "../core/player.js";
import { accentOf } from "../ui/accent.js";
import { createAnnouncer } from "../ui/announce.js";
import { h, setText } from "../ui/dom.js";
import { CSS } from "../ui/styles/adopt.js";
import type { Song } from "../gen/models.js";
import { bindDeeds } from "./deeds.js";
import { factsOf, type Facts } from "./facts.js";
import type { Figure } from "./figure.js";
import { createLoopFigure, type Shown } from "./loop_figure.js";
import { fetchMusic, MusicError, onlyLoop } from "./music.js";
import { Recordings } from "../rooms/recordings.js";
import { createSongFigure } from "./song_figure.js";
import { loopRevision, StillLoop, StillSong } from "./still.js";
import { createTransport } from "./transport.js";

const SONG_COLOR = "#5b8def";
/** What the page tells whoever waits for it once it has drawn. */
const READY = "cellissimo:ready";

/** Styles that a script makes by itself need no leave of the page's policy. */
function adopt(page: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  page.adoptedStyleSheets = [sheet, ...page.adoptedStyleSheets];
}

/** Colours the page by the music, or as whoever embeds it wishes. */
function paint(page: Document, color: string): void {
  const accent = accentOf(color);
  const { style } = page.documentElement;
  style.setProperty("--cm-accent", accent.color);
  style.setProperty("--cm-button", accent.button);
  style.setProperty("--cm-on-accent", accent.ink);
}

function draw(song: Song, shown: Shown, recordings: Recordings, kind: Facts["kind"]): Figure {
  if (kind === "song") return createSongFigure(shown, new StillSong({ song }), recordings.peaks);
  return createLoopFigure(shown, new StillLoop(loopRevision({ song }, onlyLoop(song))));
}

async function show(page: Document, facts: Facts, place: HTMLElement, signal: AbortSignal): Promise<void> {
  const coming = fetchMusic(facts.document);
  adopt(page);
  const song = await coming;
  const recordings = new Recordings(facts.blobs, facts.outlines);
  const announcer = createAnnouncer();
  const root = h("section", { class: "cm-loop cmp-card", "data-locked": true, "aria-label": facts.title });
  const playable = playableOf(song, facts, recordings);
  const shown: Shown = { root, player: soundOfPage().player, playable: () => playable, signal, announce: announcer.say };
  paint(page, facts.accent ?? (facts.kind === "loop" ? song.loops.get(onlyLoop(song))?.color : null) ?? SONG_COLOR);
  const figure = draw(song, shown, recordings, facts.kind);
  shown.player.attach(playable.id, signal);
  const transport = createTransport(figure.music);
  root.append(transport.element, transport.failure, figure.element, announcer.element);
  place.replaceChildren(root);
  figure.begin();
  transport.follow((meters) => figure.show(meters));
}

function playableOf(song: Song, { kind }: Facts, recordings: Recordings): Playable {
  if (kind === "song") return { id: song.id, revision: { song }, audio: recordings.page };
  return { id: song.id, revision: loopRevision({ song }, onlyLoop(song)) };
}

async function open(page: Document): Promise<void> {
  const facts = factsOf(page);
  const place = page.getElementById("music");
  const said = page.getElementById("said");
  if (place === null) throw new Error("the page has no place for its music: reload it");
  const ending = new AbortController();
  bindDeeds(page, facts, (text) => said !== null && setText(said, text), ending.signal);
  try {
    await show(page, facts, place, ending.signal);
  } catch (error) {
    if (!(error instanceof MusicError)) throw error;
    place.replaceChildren(h("p", { class: "cmp-failed", role: "alert" }, error.message));
  } finally {
    page.documentElement.dataset["ready"] = "";
    page.dispatchEvent(new CustomEvent(READY));
  }
}

void open(document);
