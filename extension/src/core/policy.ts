/** Who may do what, to grey things out; the server asks the same table and has the last word. */

import {
  type Action,
  type Flag,
  POLICY,
  PUBLIC_RIGHTS,
  type Right,
  ROLES,
  type Role,
  UNLISTED_RIGHTS,
} from "../gen/policy.js";

/** What somebody is to a piece: a member's role and flags, and the rights of links. */
export interface Standing {
  readonly role: Role | null;
  readonly flags: ReadonlySet<Flag>;
  readonly rights: ReadonlySet<Right>;
}

/** What the interface says of a piece and of the one who looks at it. */
interface Seen {
  readonly role: string | null;
  readonly flags: Readonly<Record<Flag, boolean>>;
  readonly visibility: "private" | "unlisted" | "public";
}

/** The standing of whoever looks at a piece. */
export function standingTo(piece: Seen): Standing {
  const flags = (Object.keys(piece.flags) as Flag[]).filter((flag) => piece.flags[flag]);
  return {
    role: ROLES.find((role) => role === piece.role) ?? null,
    flags: new Set(flags),
    rights: new Set(RIGHTS_OF[piece.visibility]),
  };
}

const RIGHTS_OF = { private: [], unlisted: UNLISTED_RIGHTS, public: PUBLIC_RIGHTS } as const;

/** Whether somebody of that standing may do it. */
export function may(action: Action, standing: Standing): boolean {
  const rule = POLICY[action];
  if (rule.right !== null && standing.rights.has(rule.right)) return true;
  if (standing.role === null || rank(standing.role) < rank(rule.role)) return false;
  return rule.flag === null || standing.role === "owner" || standing.flags.has(rule.flag);
}

/** Whether somebody may give a role and flags: no more than they have, and owner to nobody. */
export function mayGrant(standing: Standing, role: Role, flags: ReadonlySet<Flag>): boolean {
  if (role === "owner" || standing.role === null || !may("member.invite", standing)) return false;
  if (standing.role === "owner") return true;
  return rank(role) <= rank(standing.role) && [...flags].every((flag) => standing.flags.has(flag));
}

function rank(role: Role): number {
  return ROLES.indexOf(role);
}
