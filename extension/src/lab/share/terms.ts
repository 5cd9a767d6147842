/** The words of sharing: roles, flags, rights, and for how long. */

import type { Flag, Right, Role } from "../../gen/policy.js";

/** What a role is called where it is chosen. */
export const ROLE_WORDS = {
  viewer: "Viewer",
  contributor: "Contributor",
  admin: "Admin",
} as const satisfies Partial<Record<Role, string>>;

/** A role that can be given. */
export type GivenRole = keyof typeof ROLE_WORDS;

/** What a flag allows. */
export const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  canEdit: "Edit",
  canAddStems: "Add stems",
  canDeleteStems: "Delete stems",
  canInviteOthers: "Invite",
  canExport: "Export",
};

/** What a link allows whoever comes by it. */
export const RIGHT_WORDS: Readonly<Record<Right, string>> = {
  listen: "Listen",
  comment: "Comment",
  download: "Download",
  fork: "Fork",
  edit: "Edit",
};

/** For how many days a link can be made; "" is for good. */
export const DAYS = { "1": "for a day", "7": "for a week", "30": "for 30 days" } as const;
export const DAYS_OR_EVER = { "": "for good", ...DAYS } as const;
