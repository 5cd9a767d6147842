/** Who is in a project, and by which links others come: as requests. */

import type { Right, Role } from "../../gen/policy.js";
import type {
  Card,
  Done,
  Invitation,
  Invite,
  InviteList,
  MadeInvite,
  MadeShare,
  Member,
  MemberChange,
  MemberList,
  Share,
  ShareList,
} from "../../gen/rest.js";
import { pathOf } from "./pieces.js";
import { part, type Server } from "./server.js";

/** What an invite is to, as the invited sees it. */
export function lookAtInvite(server: Server, token: string): Promise<Invitation> {
  return server.ask(`invites/by-token/${part(token)}`);
}

/** Becomes a member by an invite. */
export function acceptInvite(server: Server, token: string): Promise<Member> {
  return server.ask(`invites/by-token/${part(token)}/accept`, { method: "POST", body: {} });
}

export class Sharing {
  constructor(
    private readonly server: Server,
    readonly piece: Card,
  ) {}

  async members(): Promise<readonly Member[]> {
    const { collaborators } = await this.server.ask<MemberList>(`${this.path}/collaborators`);
    return collaborators;
  }

  add(username: string, role: Role): Promise<Member> {
    const body = { username, role };
    return this.server.ask(`${this.path}/collaborators`, { method: "POST", body });
  }

  change(member: Member, change: MemberChange): Promise<Member> {
    const { rev } = member;
    return this.server.ask(this.pathOf(member), { method: "PATCH", body: change, rev });
  }

  remove(member: Member): Promise<Done> {
    return this.server.ask(this.pathOf(member), { method: "DELETE", rev: member.rev });
  }

  /** The invites that somebody can still accept. */
  async invites(): Promise<readonly Invite[]> {
    const { invites } = await this.server.ask<InviteList>(`${this.path}/invites`);
    return invites.filter(({ acceptedAt, revokedAt }) => acceptedAt === null && revokedAt === null);
  }

  /** A link by which one person becomes a member, for some days. */
  invite(role: Role, days: number): Promise<MadeInvite> {
    const body = { role, expiresIn: days };
    return this.server.ask(`${this.path}/invites`, { method: "POST", body });
  }

  withdraw(invite: Invite): Promise<Done> {
    return this.server.ask(`invites/${part(invite.id)}`, { method: "DELETE" });
  }

  async links(): Promise<readonly Share[]> {
    return (await this.server.ask<ShareList>(`${this.path}/shares`)).shares;
  }

  /** A link with rights, for some days or for good (null). */
  makeLink(rights: readonly Right[], days: number | null): Promise<MadeShare> {
    const body = { rights, expiresIn: days };
    return this.server.ask(`${this.path}/share`, { method: "POST", body });
  }

  revoke(share: Share): Promise<Done> {
    return this.server.ask(`shares/${part(share.id)}`, { method: "DELETE" });
  }

  private get path(): string {
    return pathOf(this.piece);
  }

  private pathOf(member: Member): string {
    return `${this.path}/collaborators/${part(member.userId)}`;
  }
}
