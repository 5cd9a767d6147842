/** Who is in a project, and how others come in: by their name, or by a link for one person. */

import { closeIcon } from "@jupyterlab/ui-components";
import { may, mayGrant, type Standing, standingTo } from "../../core/policy.js";
import type { Invite, Member, MemberChange } from "../../gen/rest.js";
import type { Announcer } from "../page/announcer.js";
import { copyField } from "../page/copy_field.js";
import { choice, h, iconButton, textButton } from "../page/element.js";
import { failure, problem } from "../page/states.js";
import type { Sharing } from "../server/sharing.js";
import { ago } from "../words.js";
import { drawMember } from "./member_row.js";
import { DAYS, type GivenRole, ROLE_WORDS } from "./terms.js";

export class Members {
  readonly element = h("section", { class: "cl-section", "aria-label": "Members" });

  constructor(
    private readonly sharing: Sharing,
    private readonly announcer: Announcer,
  ) {
    this.mine = standingTo(sharing.piece);
    this.element.append(h("h3", {}, "Members"), this.list, this.trouble);
    if (may("member.invite", this.mine)) this.element.append(this.entrance(), this.waiting);
    else this.element.append(h("p", { class: "cl-soft" }, "You may not invite others."));
  }

  /** Loads who is in, and who was invited. */
  async load(): Promise<void> {
    try {
      this.draw(await this.sharing.members());
    } catch (error) {
      this.list.replaceChildren(failure(error, () => this.load()));
      return;
    }
    if (may("member.invite", this.mine)) await this.loadInvites();
  }

  /** Changes a role or a flag at once; what was refused goes back to how it was. */
  async change(member: Member, change: MemberChange): Promise<void> {
    const part = Object.keys(change)[0] ?? "";
    await this.attempt(async () => {
      const changed = await this.sharing.change(member, change);
      this.announcer.say(`${changed.username} is changed`);
    });
    await this.again(member.username, part);
  }

  async remove(member: Member): Promise<void> {
    const gone = await this.attempt(() => this.sharing.remove(member));
    if (gone) this.announcer.say(`${member.username} is no longer a member`);
    await this.again("", "");
  }

  private async again(username: string, part: string): Promise<void> {
    const members = await this.sharing.members().catch(() => null);
    if (members === null) return;
    this.draw(members);
    const row = this.list.querySelector(`[data-user="${CSS.escape(username)}"]`);
    (row?.querySelector<HTMLElement>(`[data-part="${part}"]`) ?? this.username).focus();
  }

  private draw(members: readonly Member[]): void {
    const rows = members.map((member) => drawMember(member, this.mine, this));
    this.list.replaceChildren(h("ul", { class: "cl-people", "aria-label": "Members" }, ...rows));
  }

  private entrance(): HTMLElement {
    for (const option of this.role.options) {
      option.disabled = !mayGrant(this.mine, option.value as GivenRole, new Set());
    }
    const form = h(
      "form",
      { class: "cl-entrance" },
      h("div", { class: "cl-row" }, this.username, this.role, this.addButton),
      h("div", { class: "cl-row" }, h("span", {}, "or by a link for one person,"), this.days,
        textButton("Make an invitation", () => this.invite())),
      this.made,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.add();
    });
    return form;
  }

  private async add(): Promise<void> {
    const username = this.username.value.trim();
    if (username === "") return;
    const added = await this.attempt(() => this.sharing.add(username, this.role.value as GivenRole));
    if (!added) return;
    this.username.value = "";
    this.announcer.say(`${username} is a member`);
    await this.again("", "");
  }

  private async invite(): Promise<void> {
    await this.attempt(async () => {
      const days = Number(this.days.value);
      const invite = await this.sharing.invite(this.role.value as GivenRole, days);
      const note = `The first who opens it becomes a ${invite.role}. It is shown only this once.`;
      this.made.replaceChildren(copyField(invite.inviteUrl, note, this.announcer));
      this.made.querySelector("input")?.focus();
      await this.loadInvites();
    });
  }

  private async loadInvites(): Promise<void> {
    const invites = await this.sharing.invites().catch(() => []);
    const list = h("ul", { class: "cl-people", "aria-label": "Invitations" });
    list.append(...invites.map((invite) => this.drawInvite(invite)));
    this.waiting.replaceChildren(...(invites.length === 0 ? [] : [list]));
  }

  private drawInvite(invite: Invite): HTMLLIElement {
    const whom = invite.username === null ? "A link" : `@${invite.username}`;
    const ends = invite.expiresAt === null ? "" : `, ends ${ago(invite.expiresAt, Date.now())}`;
    const withdraw = iconButton(closeIcon, "Withdraw the invitation", async () => {
      await this.attempt(() => this.sharing.withdraw(invite));
      await this.loadInvites();
      this.username.focus();
    });
    const words = `${whom} for a ${invite.role}${ends}`;
    return h("li", {}, h("div", { class: "cl-row" }, h("span", {}, words), withdraw));
  }

  /** Whether it went well; what did not is said below the list. */
  private async attempt(act: () => Promise<unknown>): Promise<boolean> {
    this.trouble.replaceChildren();
    try {
      await act();
      return true;
    } catch (error) {
      this.trouble.replaceChildren(problem(error));
      return false;
    }
  }

  private readonly mine: Standing;
  private readonly list = h("div");
  private readonly trouble = h("div");
  private readonly waiting = h("div");
  private readonly made = h("div");
  private readonly username = h("input", {
    type: "text",
    class: "jp-mod-styled",
    placeholder: "Username",
    "aria-label": "Username of a new member",
    autocomplete: "off",
  });
  private readonly role = choice("Role of a new member", ROLE_WORDS, "contributor");
  private readonly days = choice("How long the invitation lasts", DAYS, "7");
  private readonly addButton = h("button", { type: "submit", class: "cl-button" }, "Add");
}
