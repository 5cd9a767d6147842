/** People, links and times of a room in words. Pure. */

import type { LinkFigures, LinkState, Participant, Room, Via } from "../../core/room.js";
import type { Alignment } from "../../core/shared_transport.js";
import type { Role } from "../../gen/policy.js";

/** "AL" for "Ada Lovelace", "A" for "ada", "?" for nobody. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/u).filter((word) => word !== "");
  const [first, ...rest] = words;
  if (first === undefined) return "?";
  const last = rest.at(-1);
  return (firstLetter(first) + (last === undefined ? "" : firstLetter(last))).toUpperCase();
}

function firstLetter(word: string): string {
  return [...word][0] ?? "";
}

const STATES: Readonly<Record<LinkState, readonly [word: string, sentence: string, cure: string]>> = {
  joining: ["Joining", "The room is being reached.", ""],
  live: ["Live", "Your edits reach the room, and are on its disk.", ""],
  slow: ["Slow", "Your edits wait for more than two seconds.", "Go on working: nothing is lost. Others hear your edits a little later."],
  offline: ["Offline", "The room cannot be reached.", "Go on working: your edits are kept here, and join the others' when the room is back."],
  "read-only": ["Read-only", "You may look and listen here, and change nothing.", "Ask an owner or admin of the project for the right to edit."],
  refused: ["Refused", "An edit was not taken.", "The edit lies in a draft: copy it to a fork of your own, or discard it."],
  closed: ["Closed", "You may not be in this room any more.", "Ask an owner or admin of the project to let you in again."],
};

/** The state in a word. */
export function stateWord(state: LinkState): string {
  return STATES[state][0];
}

/** What the state means, and what to do about it. */
export function stateSentences(room: Pick<Room, "state" | "reason">): readonly [string, string] {
  const [, sentence, cure] = STATES[room.state];
  return [room.reason === "" ? sentence : room.reason, cure];
}

const ROLES: Readonly<Record<Role, string>> = {
  viewer: "Viewer", contributor: "Contributor", admin: "Admin", owner: "Owner",
};

/** "Owner", or "Guest" for who came by a link. */
export function roleWord(person: Pick<Participant, "role" | "person">): string {
  return person.role === null ? (person.person.kind === "guest" ? "Guest" : "Visitor") : ROLES[person.role];
}

const VIAS: Readonly<Record<Via, string>> = {
  page: "", jam: "on the jam page", kernel: "from Python", other: "with another program",
};
const ACTIVITIES = { editing: "editing", listening: "listening", idle: "idle" } as const;

/** "editing", "listening, on the jam page", "editing, from Python". */
export function doingWords({ activity, via }: Pick<Participant, "activity" | "via">): string {
  return [ACTIVITIES[activity], VIAS[via]].filter((words) => words !== "").join(", ");
}

/** "Ada, owner, editing, from Python": one person as a screen reader says them. */
export function sayPerson(who: Participant): string {
  const name = who.isMe ? `${who.person.name} (you)` : who.person.name;
  return `${name}, ${roleWord(who).toLowerCase()}, ${doingWords(who)}`;
}

/** "1 person", "3 people". */
export function peopleWords(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

/** "1 edit", "2 edits". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "38 ms", "1.2 ms", "−4 ms". */
export function milliseconds(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  return `${value.toFixed(digits).replace("-", "\u2212").replace(/\.0$/, "")} ms`;
}

/** "0.4 KB/s". */
export function rate(bytes: number): string {
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} KB/s`;
}

/** What is measured of the link, as names and values. */
export function figureRows(figures: LinkFigures): readonly (readonly [string, string])[] {
  return [
    ["There and back", figures.roundTrip === null ? "not measured yet" : milliseconds(figures.roundTrip)],
    ["Edits not on disk yet", String(figures.unsaved)],
    ["Sent, received", `${rate(figures.sent)}, ${rate(figures.received)}`],
  ];
}

/** What is measured of the sound that is shared. */
export function alignmentRows(alignment: Alignment): readonly (readonly [string, string])[] {
  const { offset, error, roundTrip, latency, drift } = alignment;
  return [
    ["Room's clock", `${milliseconds(offset)} \u00b1 ${milliseconds(error)}`],
    ["There and back", milliseconds(roundTrip)],
    ["To your ear", latency > 0 ? milliseconds(latency) : "\u2013"],
    ["Off by", drift === null ? "\u2013" : milliseconds(drift)],
  ];
}

const STEPS = [
  [60, 1, "s"], [3600, 60, "min"], [86_400, 3600, "h"], [Number.POSITIVE_INFINITY, 86_400, "d"],
] as const;

/** "now", "3 min ago", "2 h ago". */
export function ago(time: string | number, now: number): string {
  const at = typeof time === "number" ? time : Date.parse(time);
  if (Number.isNaN(at)) return "";
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 20) return "now";
  const [, size, unit] = STEPS.find(([below]) => seconds < below) ?? STEPS[3];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** "14:05" on the day itself, else "21 Nov, 14:05"; the reader's own language. */
export function clockTime(time: string, now: number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return "";
  const isToday = at.toDateString() === new Date(now).toDateString();
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return isToday ? clock : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, ${clock}`;
}

/** "34 %". */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u202f%`;
}
