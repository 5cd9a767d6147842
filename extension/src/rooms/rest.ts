/** Requests of a page to the server that it came from, by its cookie or token. */

import { RoomError } from "../core/room.js";

const PROOF = /(?:^|;\s*)_xsrf=([^;]*)/;

/** An answer that is no success; `status` is that of HTTP. */
export class RestError extends RoomError {
  constructor(
    readonly status: number, code: string, message: string, cure: string,
    /** Whether nothing of ours has answered: a server without projects. */
    readonly isStrange = false,
  ) {
    super(code, message, cure);
  }
}

export interface Access {
  /** The address of the server: what stands before "cellissimo/". */
  readonly base: string;
  /** Where the server has given the page a token. */
  readonly token?: string;
  /** The share link that the page came with: what it allows is asked for with it. */
  readonly link?: string;
}

/** Asks for something; rejects with `RestError` for every answer that is no success. */
export async function ask(
  { base, token = "", link = "" }: Access, method: "GET" | "POST", path: string, body?: object | Uint8Array,
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = body instanceof Uint8Array ? "application/octet-stream" : "application/json";
  const proof = PROOF.exec(document.cookie)?.[1];
  if (proof !== undefined) headers["X-XSRFToken"] = decodeURIComponent(proof);
  if (token !== "") headers["Authorization"] = `token ${token}`;
  if (link !== "") headers["X-Cellissimo-Link"] = link;
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) init.body = body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
  const answer = await fetch(new URL(`cellissimo/api/v1/${path}`, base), init);
  if (!answer.ok) throw await refusalIn(answer);
  return answer;
}

async function refusalIn(answer: Response): Promise<RestError> {
  const body = (await answer.json().catch(() => null)) as { error?: Record<string, unknown> } | null;
  const { code, message, cure } = body?.error ?? {};
  const said = [message, `the server answered ${answer.status}`].find((one) => typeof one === "string");
  return new RestError(answer.status, String(code ?? answer.status), String(said), String(cure ?? ""), code === undefined);
}
