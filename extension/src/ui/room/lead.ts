/** Playing together: who leads, whether one plays along, and how exactly. */

import { h, on, setAttribute, setText } from "../dom.js";
import { glyph, setGlyph } from "../glyphs.js";
import { isHere } from "./live_list.js";
import { barOf, createProblem, metersOf, songOf, wordButton, type RoomScene } from "./room_scene.js";
import { fillFigures } from "./state_chip.js";
import { inPlace } from "./people.js";
import { alignmentRows, milliseconds } from "./words.js";

export function createLead(scene: RoomScene): { readonly element: HTMLElement } {
  const { transport } = scene.room;
  const parts = [createJoin(scene), createLeader(scene), createSteering(scene), createExactness(scene)];
  const element = h("section", { class: "cm-lead", "aria-label": "Playing together" },
    h("h4", {}, "Playing together"), ...parts.map((part) => part.element));
  const show = (): void => {
    for (const part of parts) part.update();
  };
  transport.subscribe(show, scene.signal);
  for (const topic of ["people", "rights", "state"] as const) scene.room.subscribe(topic, show, scene.signal);
  scene.music?.store.subscribe(show, scene.signal);
  show();
  return { element };
}

/** Said of what needs the others. */
const AWAY = "The room cannot be reached just now";

interface Shown {
  readonly element: HTMLElement;
  update(): void;
}

/** "Join audio" is a button, because a browser lets sound out after a click only. */
function createJoin(scene: RoomScene): Shown {
  const { transport } = scene.room;
  const problem = createProblem();
  const word = h("span", {});
  const button = h("button", { class: "cm-primary cm-join", type: "button" }, glyph("headphones"), word);
  on(button, "click", () => {
    if (transport.isFollowing) return transport.leave();
    void problem.watch(transport.join());
  }, scene.signal);
  return {
    element: h("div", { class: "cm-join-box" }, button, problem.element),
    update(): void {
      setText(word, transport.isFollowing ? "Leave audio" : "Join audio");
      setAttribute(button, "aria-pressed", String(transport.isFollowing));
      button.disabled = !transport.isFollowing && !isHere(scene);
      setAttribute(button, "title", button.disabled ? AWAY : transport.isFollowing
        ? "You hear what the leader plays. Leave to listen by yourself."
        : "Hear what the leader plays, at the same moment as everybody");
    },
  };
}

/** Who leads; taking the lead, or passing it on. */
function createLeader(scene: RoomScene): Shown {
  const { room } = scene;
  const words = h("span", { class: "cm-leader" });
  const take = wordButton("Take the lead", () => room.transport.takeLead(), scene.signal);
  const others = h("select", { class: "cm-select cm-pass", "aria-label": "Pass the lead to" });
  on(others, "change", () => {
    const to = Number(others.value);
    others.value = "";
    if (to !== 0) room.transport.passLead(to);
  }, scene.signal);
  let offered = "";
  return {
    element: h("div", { class: "cm-in-row" }, words, take, others),
    update(): void {
      const { state, isLeader, mayLead } = room.transport;
      const leader = room.participants.find((who) => who.session === state.leader);
      setText(words, isLeader ? "You lead" : leader === undefined ? "Nobody leads" : `${leader.person.name} leads`);
      take.hidden = isLeader || !mayLead;
      take.disabled = !isHere(scene);
      others.disabled = take.disabled;
      setAttribute(take, "title", take.disabled ? AWAY : null);
      const choices = inPlace(room.participants).filter((who) => !who.isMe && who.role !== "viewer" && who.role !== null && who.via !== "kernel");
      others.hidden = !isLeader || choices.length === 0;
      const key = choices.map((who) => `${who.session} ${who.person.name}`).join("|");
      if (key === offered) return;
      offered = key;
      others.replaceChildren(h("option", { value: "" }, "Pass the lead\u2026"),
        ...choices.map((who) => h("option", { value: who.session }, who.person.name)));
    },
  };
}

/** What the leader does: play, stop, go to a bar. */
function createSteering(scene: RoomScene): Shown {
  const { transport } = scene.room;
  const word = h("span", {});
  const play = h("button", { class: "cm-word cm-steer", type: "button" }, glyph("play"), word);
  on(play, "click", () => {
    if (transport.state.playing) transport.stop();
    else transport.play({ from: scene.spot.tick, of: musicOf(scene) });
  }, scene.signal);
  const bar = h("input", { class: "cm-number", type: "number", min: 1, max: 99_999, step: 1, "aria-label": "Go to bar" });
  on(bar, "change", () => {
    const wanted = Math.max(1, Math.round(Number(bar.value)));
    if (!Number.isFinite(wanted)) return;
    const tick = metersOf(scene).tickOf(wanted);
    scene.spot.tick = tick;
    scene.spot.go(tick);
    transport.seek(tick);
  }, scene.signal);
  const place = h("span", { class: "cm-soft" });
  const field = h("label", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Bar"), bar);
  return {
    element: h("div", { class: "cm-in-row" }, play, field, place),
    update(): void {
      const { state, isLeader } = transport;
      setText(word, state.playing ? "Stop for all" : "Play for all");
      setGlyph(play, state.playing ? "stop" : "play");
      play.hidden = !isLeader;
      field.hidden = !isLeader;
      play.disabled = !isHere(scene);
      bar.disabled = play.disabled;
      setAttribute(play, "title", play.disabled ? AWAY : null);
      if (bar.ownerDocument.activeElement !== bar) bar.value = String(barOf(scene, state.playing ? state.tick : scene.spot.tick));
      setText(place, state.playing ? `Plays from bar ${barOf(scene, state.tick)}` : "Stopped");
    },
  };
}

/** What is played: the song, or the loop that the piece is. */
function musicOf(scene: RoomScene): string {
  const song = songOf(scene);
  const [loop] = song?.loops.keys() ?? [];
  return song?.kind === "loop" && loop !== undefined ? `loop:${loop}` : "song";
}

/** The measured figures, never merely promised. */
function createExactness(scene: RoomScene): Shown {
  const { transport } = scene.room;
  const rows = h("dl", { class: "cm-figures" });
  const sum = h("summary", {});
  const element = h("details", { class: "cm-exactness" }, sum, rows);
  return {
    element,
    update(): void {
      const { alignment } = transport;
      const { error, latency, roundTrip, isReady } = alignment;
      const isKnown = isReady || roundTrip > 0;
      const clock = `Clock exact to \u00b1 ${milliseconds(error)}`;
      const sound = latency > 0 ? `latency ${milliseconds(latency)}` : "latency is measured once you join";
      setText(sum, isKnown ? `${clock} \u00b7 ${sound}` : "The room's clock is being measured");
      fillFigures(rows, isKnown ? alignmentRows(alignment) : []);
    },
  };
}
