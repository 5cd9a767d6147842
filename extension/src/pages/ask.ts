/** Requests that change something: with the proof that they come from a page of this server. */

const PROOF = /(?:^|;\s*)_xsrf=([^;]*)/;

/** A request with a JSON body; the proof goes along where the server has given one. */
export function ask(method: "POST" | "PUT", address: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  const proof = PROOF.exec(document.cookie)?.[1];
  if (proof !== undefined) headers["X-XSRFToken"] = decodeURIComponent(proof);
  return fetch(address, { method, headers, body: JSON.stringify(body), credentials: "same-origin" });
}

/** What a server says of a request that it did not grant. */
export async function reasonOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as { error?: { message?: string; cure?: string } } | null;
  const { message = `The server answered ${answer.status}.`, cure = "Try again later." } = body?.error ?? {};
  return `${message} ${cure}`;
}
