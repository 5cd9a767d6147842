/** One member: the role and the five flags, which change as soon as they are touched. */

import { closeIcon } from "@jupyterlab/ui-components";
import { may, mayGrant, type Standing } from "../../core/policy.js";
import { FLAGS, type Flag } from "../../gen/policy.js";
import type { Member, MemberChange } from "../../gen/rest.js";
import { choice, h, iconButton, tick } from "../page/element.js";
import { FLAG_WORDS, type GivenRole, ROLE_WORDS } from "./terms.js";

/** What a row does. */
export interface MemberActions {
  change(member: Member, change: MemberChange): unknown;
  remove(member: Member): unknown;
}

/** A list item for a member; `mine` is what the one who looks may do. */
export function drawMember(member: Member, mine: Standing, actions: MemberActions): HTMLLIElement {
  const name = member.displayName === "" ? member.username : member.displayName;
  const who = h(
    "div",
    { class: "cl-who" },
    h("b", {}, name),
    h("span", { class: "cl-soft" }, `@${member.username}`),
  );
  if (member.role === "owner") {
    who.append(h("span", { class: "cl-badge", "data-kind": "owner" }, "Owner"));
    return h("li", { "data-user": member.username }, who);
  }
  const remove = iconButton(closeIcon, `Remove ${name}`, () => actions.remove(member), {
    disabled: !may("member.remove", mine),
    "data-part": "remove",
  });
  return h(
    "li",
    { "data-user": member.username },
    h("div", { class: "cl-row" }, who, roleOf(member, name, mine, actions), remove),
    flagsOf(member, name, mine, actions),
  );
}

function roleOf(
  member: Member,
  name: string,
  mine: Standing,
  actions: MemberActions,
): HTMLSelectElement {
  const roles = choice(`Role of ${name}`, ROLE_WORDS, member.role, { "data-part": "role" });
  roles.disabled = !may("member.change", mine);
  for (const option of roles.options) {
    option.disabled = !mayGrant(mine, option.value as GivenRole, new Set());
  }
  roles.addEventListener("change", () => {
    void actions.change(member, { role: roles.value as GivenRole });
  });
  return roles;
}

function flagsOf(
  member: Member,
  name: string,
  mine: Standing,
  actions: MemberActions,
): HTMLElement {
  const flags = FLAGS.map((flag) => flagOf(flag, member, mine, actions));
  return h("div", { class: "cl-flags", role: "group", "aria-label": `${name} may` }, ...flags);
}

function flagOf(flag: Flag, member: Member, mine: Standing, actions: MemberActions): HTMLElement {
  const { element, box } = tick(FLAG_WORDS[flag], member[flag], { "data-part": flag });
  const isMineToGive = mine.role === "owner" || mine.flags.has(flag);
  box.disabled = !may("member.change", mine) || !isMineToGive;
  if (box.disabled) element.title = "Only admins change this, and only what they may do themselves.";
  box.addEventListener("change", () => {
    void actions.change(member, { [flag]: box.checked });
  });
  return element;
}
