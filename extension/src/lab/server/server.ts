/** Requests to our part of the Jupyter server, by JupyterLab's own connection. */

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import { Refusal } from "./refusal.js";

const API = "cellissimo/api/v1";

/** What a request may carry besides its path. */
export interface Request {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | boolean | null>>;
  /** JSON, a form, or bytes. */
  readonly body?: object | FormData | Blob;
  readonly headers?: Readonly<Record<string, string>>;
  /** The revision that is changed; the server refuses if it is no longer the newest. */
  readonly rev?: number;
  readonly signal?: AbortSignal;
}

export class Server {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** The JSON of an answer. Raises `Refusal` for every other. `path` holds ids by `part`. */
  async ask<T>(path: string, request: Request = {}): Promise<T> {
    const url = URLExt.join(this.settings.baseUrl, API, path) + queryOf(request.query);
    const response = await ServerConnection.makeRequest(url, initOf(request), this.settings).catch(
      (error: unknown) => {
        throw Refusal.of(error);
      },
    );
    if (!response.ok) throw await Refusal.in(response);
    return (await response.json()) as T;
  }

  /** An address that the server gave, for an `<audio>` element: the page's own, with its rights. */
  media(address: string): string {
    const url = new URL(address, this.settings.baseUrl);
    if (this.settings.appendToken && this.settings.token !== "") {
      url.searchParams.set("token", this.settings.token);
    }
    return url.href;
  }
}

/** A name or an id as one part of a path, whatever is in it. */
export function part(text: string): string {
  return encodeURIComponent(text);
}

function queryOf(query: Request["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

function initOf({ method = "GET", body, headers, rev, signal }: Request): RequestInit {
  const sent = new Headers(headers);
  if (rev !== undefined) sent.set("If-Match", `"${rev}"`);
  // Asked for anew each time; JupyterLab would otherwise put a number into the query for that.
  const init: RequestInit = { method, headers: sent, signal: signal ?? null, cache: "no-cache" };
  if (body instanceof FormData || body instanceof Blob) return { ...init, body };
  if (body === undefined) return init;
  sent.set("Content-Type", "application/json");
  return { ...init, body: JSON.stringify(body) };
}
