/** Samples and their uploads, as requests. */

import type { About, Done, Job, Outline, Received, Sample, SampleList, Upload } from "../../gen/rest.js";
import { Refusal } from "./refusal.js";
import { part, type Server } from "./server.js";

const AT_ONCE = 30;
const POLL_MS = 400;

/** How far an upload is: 0 … 1, and what is being done. */
export type Progress = (done: number, words: string) => void;

export class Samples {
  constructor(private readonly server: Server) {}

  about(): Promise<About> {
    return this.server.ask("about");
  }

  list(words: string, after: string | null): Promise<SampleList> {
    return this.server.ask("samples", { query: { q: words, after, limit: AT_ONCE } });
  }

  get(id: string): Promise<Sample> {
    return this.server.ask(pathOf(id));
  }

  peaks(sample: Sample): Promise<Outline> {
    return this.server.ask(`${pathOf(sample.id)}/peaks`);
  }

  rename(sample: Sample, name: string): Promise<Sample> {
    return this.server.ask(pathOf(sample.id), { method: "PATCH", body: { name }, rev: sample.rev });
  }

  /** Raises a `Refusal` "conflict" where a song uses it, unless forced. */
  delete(sample: Sample, force: boolean): Promise<Done> {
    const query = { force: force ? true : null };
    return this.server.ask(pathOf(sample.id), { method: "DELETE", query, rev: sample.rev });
  }

  /** Where an `<audio>` element hears it. */
  address(sample: Sample): string {
    return this.server.media(sample.fileUrl);
  }

  /** Sends a small file in one piece. */
  send(file: File, signal: AbortSignal): Promise<Sample> {
    const body = new FormData();
    body.append("name", file.name);
    body.append("file", file);
    return this.server.ask("samples/upload", { method: "POST", body, signal });
  }

  /** Sends a long file chunk by chunk, and waits until the server has heard it through. */
  async sendLong(
    file: File,
    kind: "recording" | "original",
    told: Progress,
    signal: AbortSignal,
  ): Promise<Sample> {
    const body = { name: file.name, size: file.size, class: kind };
    const upload = await this.server.ask<Upload>("uploads", { method: "POST", body, signal });
    await this.sendChunks(file, upload, told, signal);
    const complete = `uploads/${part(upload.id)}/complete`;
    const job = await this.server.ask<Job>(complete, { method: "POST", body: {}, signal });
    return this.get(await this.finished(job, told, signal));
  }

  private async sendChunks(
    file: File,
    upload: Upload,
    told: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    let { received } = upload;
    while (received < file.size) {
      told(received / file.size, "Sending");
      const answer = await this.server.ask<Received>(`uploads/${part(upload.id)}`, {
        method: "PATCH",
        body: file.slice(received, received + upload.chunkSize, "application/octet-stream"),
        headers: { "Upload-Offset": String(received) },
        signal,
      });
      received = answer.received;
    }
  }

  /** The id of the sample that a job of an upload made. */
  private async finished(first: Job, told: Progress, signal: AbortSignal): Promise<string> {
    let job = first;
    while (job.state === "waiting" || job.state === "running") {
      told(job.progress, "Listening through");
      await pause(POLL_MS, signal);
      job = await this.server.ask<Job>(`jobs/${part(job.id)}`, { signal });
    }
    const id = job.result?.["sampleId"];
    if (job.state !== "done" || typeof id !== "string") throw refusalOf(job);
    return id;
  }
}

function pathOf(id: string): string {
  return `samples/${part(id)}`;
}

function refusalOf({ error, state }: Job): Refusal {
  if (error === null) return new Refusal(state, `The upload is ${state}.`, "");
  return new Refusal(error.code, error.message, error.cure);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    setTimeout(done, ms);
  });
  signal.throwIfAborted();
}
