/** An answer that was no, in the server's words: what was wrong and what helps. */

import type { ErrorAnswer } from "../../gen/rest.js";

const ENABLE = `pip install "cellissimo[server]"
jupyter server extension enable cellissimo_server`;

/** Where the server's cure is for programs, what a person does instead. */
const FOR_PEOPLE: Readonly<Record<string, string>> = {
  changed: "Look at it as it is now, then do it again.",
  unauthenticated: "Load the page again and sign in.",
};

/** What a request was refused with. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly cure: string,
    /** What to type, where the cure is a command. */
    readonly commands = "",
  ) {
    super(message);
    this.name = "Refusal";
  }

  /** The refusal in an answer of the server; without one of ours, our extension is not there. */
  static async in(response: Response): Promise<Refusal> {
    const body: unknown = await response.json().catch(() => null);
    if (isErrorAnswer(body)) {
      const { code, message, cure } = body.error;
      return new Refusal(code, message, FOR_PEOPLE[code] ?? cure);
    }
    if (response.status === 404) return Refusal.absent();
    const cure = "The log of the Jupyter server says more.";
    return new Refusal("unavailable", `The server answered ${response.status}.`, cure);
  }

  /** The server keeps no songs: our part of it is not enabled. */
  static absent(): Refusal {
    const message = "This Jupyter server keeps no projects yet.";
    return new Refusal("absent", message, "Enable it, then start JupyterLab again:", ENABLE);
  }

  /** Whatever was thrown, as a refusal. */
  static of(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof TypeError || (error instanceof Error && error.name === "NetworkError")) {
      const message = "The Jupyter server does not answer.";
      return new Refusal("unreachable", message, "See that it runs, then try again.");
    }
    return new Refusal("unknown", error instanceof Error ? error.message : String(error), "");
  }
}

function isErrorAnswer(body: unknown): body is ErrorAnswer {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
