/** Projects and what is done with them, as requests. */

import type {
  About,
  Card,
  CardList,
  Done,
  LoopList,
  Me,
  NewProject,
  NotificationList,
  Project,
  ProjectChange,
  ProjectList,
  Restored,
  Trash,
  Usage,
} from "../../gen/rest.js";
import { Refusal } from "./refusal.js";
import { part, type Server } from "./server.js";

/** Which pieces are shown: one's own, others', everybody's. */
export type Shelf = "mine" | "shared" | "public";

/** What is looked for on a shelf. */
export interface Wanted {
  /** "" is both kinds, where a shelf has both. */
  readonly kind: "project" | "loop" | "";
  readonly words: string;
  readonly sort: string;
  readonly archived: boolean;
}

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next: string | null;
}

const AT_ONCE = 30;

export class Pieces {
  constructor(private readonly server: Server) {}

  about(): Promise<About> {
    return this.server.ask("about");
  }

  usage(): Promise<Usage> {
    return this.server.ask("users/me/usage");
  }

  /** A page of a shelf: its beginning, or what follows `after`. */
  async list(shelf: Shelf, wanted: Wanted, after: string | null): Promise<Page<Card>> {
    const { words: q, sort, kind } = wanted;
    const query = { q, sort, after, limit: AT_ONCE };
    if (shelf === "public") {
      const found = await this.server.ask<CardList>("explore", { query: { ...query, kind } });
      return pageOf(found, found.results);
    }
    const archived = wanted.archived ? true : null;
    if (shelf === "mine" && kind === "loop") {
      const found = await this.server.ask<LoopList>("loops", { query: { ...query, archived } });
      return pageOf(found, found.loops);
    }
    const role = shelf === "mine" ? "owner" : "member";
    const path = "projects";
    const found = await this.server.ask<ProjectList>(path, { query: { ...query, role, archived } });
    return pageOf(found, found.projects);
  }

  /** A piece of which only the id is known. */
  async get(id: string): Promise<Card> {
    try {
      return await this.server.ask<Card>(pathOf({ id, kind: "project" }));
    } catch (error) {
      if (Refusal.of(error).code !== "not-found") throw error;
      return this.server.ask<Card>(pathOf({ id, kind: "loop" }));
    }
  }

  create(project: NewProject): Promise<Project> {
    return this.server.ask("projects", { method: "POST", body: project });
  }

  change(piece: Card, change: ProjectChange): Promise<Card> {
    return this.server.ask(pathOf(piece), { method: "PATCH", body: change, rev: piece.rev });
  }

  fork(piece: Card): Promise<Card> {
    return this.server.ask(`${pathOf(piece)}/fork`, { method: "POST", body: {} });
  }

  throwAway(piece: Card): Promise<Done> {
    return this.server.ask(pathOf(piece), { method: "DELETE", rev: piece.rev });
  }

  /** Is no member of it any more, by one's own will. */
  async leave(piece: Card): Promise<Done> {
    const me = await this.server.ask<Me>("users/me");
    const path = `${pathOf(piece)}/collaborators/${part(me.id)}`;
    return this.server.ask(path, { method: "DELETE" });
  }

  trash(): Promise<Trash> {
    return this.server.ask("trash");
  }

  restore(id: string): Promise<Restored> {
    return this.server.ask(`trash/${part(id)}/restore`, { method: "POST", body: {} });
  }

  deleteForEver(id: string): Promise<Done> {
    return this.server.ask(`trash/${part(id)}`, { method: "DELETE" });
  }

  notices(): Promise<NotificationList> {
    return this.server.ask("notifications", { query: { limit: AT_ONCE } });
  }

  /** Marks notices as read: those ids, or all of them. */
  markRead(ids: readonly string[] | "all"): Promise<unknown> {
    const body = ids === "all" ? { all: true } : { ids };
    return this.server.ask("notifications/read", { method: "POST", body });
  }
}

function pageOf<T>(
  { total, next }: { readonly total: number; readonly next: string | null },
  items: readonly T[],
): Page<T> {
  return { items, total, next };
}

/** Where a piece lives. */
export function pathOf(piece: Pick<Card, "id" | "kind">): string {
  return `${piece.kind === "loop" ? "loops" : "projects"}/${part(piece.id)}`;
}
