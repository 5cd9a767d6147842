/** The server's answers as views take them. */

import type { News } from "../core/room.js";
import type { Author, ChatLine, Comment, Conflict, PastRevision, PastVersion, Reply } from "../core/room_api.js";
import type * as rest from "../gen/rest.js";

export function lineIn({ id, number, author, at, text, position }: rest.ChatLine): ChatLine {
  return { id, number, author, at, text, tick: position?.tick ?? null };
}

export function commentOf(comment: rest.Comment): Comment {
  const { place, anchor, resolvedAt, isRemoved, replies } = comment;
  return {
    ...replyOf(comment),
    place: { ...place, cell: anchor.kind === "step" ? anchor.cell : null },
    anchor,
    isResolved: resolvedAt !== null,
    isRemoved,
    replies: replies.map(replyOf),
  };
}

function replyOf({ id, number, author, at, text }: rest.Reply): Reply {
  return { id, number, author, at, text };
}

/** A conflict in news; null where they are not about one. */
export function conflictIn(news: News): Conflict | null {
  const { id, path, key, words, by, stands, settled } = news;
  if (typeof id !== "string" || !Array.isArray(path) || typeof key !== "string") return null;
  return {
    id, key,
    path: path.map(String),
    words: String(words ?? key),
    other: by as Author,
    mine: valueIn(news["mine"]),
    theirs: valueIn(news["theirs"]),
    stands: stands === "mine" ? "mine" : "theirs",
    isSettled: settled === true,
  };
}

/** The wire says `{"value": …}`, or `{}` where the key was removed. */
function valueIn(found: unknown): unknown {
  return typeof found === "object" && found !== null && "value" in found ? found.value : null;
}

type ColorOf = (name: string) => string;

function authorOf(person: rest.Person | null, colorOf: ColorOf): Author | null {
  if (person === null) return null;
  const name = person.displayName === "" ? person.username : person.displayName;
  return { id: person.username, name, color: colorOf(name) };
}

export function revisionOf({ seq, fromSeq, at, author, words, version }: rest.Revision, colorOf: ColorOf): PastRevision {
  return { seq, fromSeq, at, words, author: authorOf(author, colorOf), version: version?.name ?? null };
}

export function versionOf({ id, seq, name, kind, author, createdAt }: rest.Version, colorOf: ColorOf): PastVersion {
  return { id, seq, name, at: createdAt, isAutomatic: kind !== "named", author: authorOf(author, colorOf) };
}

const COLORS = ["#c2410c", "#1d6fd1", "#7c3aed", "#0f7a4f", "#b4236b", "#0e7490", "#8a6100", "#5b5fc7"];

/** A colour for somebody of whom only the name is known. */
export function personColor(name: string): string {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return COLORS[sum % COLORS.length] ?? "#5b5fc7";
}
