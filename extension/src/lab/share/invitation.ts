/** Comes in by an invitation: its link is opened, or pasted; who invites to what is said first. */

import { Dialog, InputDialog, showDialog } from "@jupyterlab/apputils";
import type { Member } from "../../gen/rest.js";
import { complain } from "../page/complaint.js";
import type { Server } from "../server/server.js";
import { acceptInvite, lookAtInvite } from "../server/sharing.js";

/** The token that this page was opened with, behind its address's #; null without one. */
export function invitedTo(address: string): string | null {
  return new URLSearchParams(new URL(address).hash.slice(1)).get("cellissimo-invite");
}

/** The token in what somebody pasted: a link, or the token alone; null if it holds none. */
export function tokenIn(pasted: string): string | null {
  const [last = ""] = pasted.trim().split(/[/=\s]/).slice(-1);
  return /^[\w-]{20,200}$/.test(last) ? last : null;
}

/** Asks for a link, then accepts what it invites to. */
export async function acceptPasted(server: Server): Promise<Member | null> {
  const { value } = await InputDialog.getText({
    title: "Accept an invitation",
    label: "The link that you were sent",
    okLabel: "Look at it",
  });
  if (value === null) return null;
  const token = tokenIn(value);
  if (token !== null) return accept(server, token);
  const error = new Error("This is no invitation. Paste the whole link.");
  await complain(Promise.reject(error), "Accept an invitation");
  return null;
}

/** Says who invites to what, and accepts if that is wanted. */
export async function accept(server: Server, token: string): Promise<Member | null> {
  const invitation = await complain(lookAtInvite(server, token), "The invitation was not opened");
  if (invitation === undefined) return null;
  const { by, project, role } = invitation;
  const name = by.displayName === "" ? by.username : by.displayName;
  const { button } = await showDialog({
    title: `Join “${project.name}”?`,
    body: `${name} invites you to it as ${role === "admin" ? "an" : "a"} ${role}.`,
    buttons: [Dialog.cancelButton({ label: "Not now" }), Dialog.okButton({ label: "Join" })],
  });
  if (!button.accept) return null;
  return (await complain(acceptInvite(server, token), "You have not joined")) ?? null;
}
