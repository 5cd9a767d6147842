/** What a visitor can do besides listening: take the code, make a copy, open it, report it. */

import { h, on, setText } from "../ui/dom.js";
import { ask, reasonOf } from "./ask.js";
import type { Facts } from "./facts.js";

const UNAUTHENTICATED = 401;
const MOST_NAMES = 99;

/** Gives the page's buttons their work; `say` tells what became of it. */
export function bindDeeds(page: Document, facts: Facts, say: (text: string) => void, signal: AbortSignal): void {
  bind(page, "copy", () => copyCode(page, say), signal);
  if (facts.fork !== null) bind(page, "fork", () => makeMine(facts, say), signal);
  const { notebooks } = facts;
  if (notebooks !== null) bind(page, "notebook", () => openNotebook(facts, notebooks, say), signal);
  bindReport(page, facts, say, signal);
}

/** While a deed is under way its button waits; what fails is said. */
function bind(page: Document, deed: string, act: () => Promise<void>, signal: AbortSignal): void {
  const button = page.querySelector<HTMLElement>(`[data-deed="${deed}"]`);
  if (button === null) return;
  button.hidden = false;
  on(button, "click", (event) => {
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    void act().finally(() => {
      button.ariaBusy = "false";
    });
  }, signal);
}

async function copyCode(page: Document, say: (text: string) => void): Promise<void> {
  const code = page.getElementById("code");
  try {
    await navigator.clipboard.writeText(code?.textContent ?? "");
    say("Copied. Paste it into a cell.");
  } catch {
    // Where the clipboard is closed to pages, the code stands selected.
    if (code !== null) page.getSelection()?.selectAllChildren(code);
    say("Selected. Copy it with Ctrl+C.");
  }
}

/** Copies the music into the visitor's own library; a visitor becomes a guest on the way. */
async function makeMine(facts: Facts, say: (text: string) => void): Promise<void> {
  if (facts.fork === null) return;
  let answer = await ask("POST", facts.fork, {});
  if (answer.status === UNAUTHENTICATED) {
    await ask("POST", facts.guests, {});
    answer = await ask("POST", facts.fork, {});
  }
  if (!answer.ok) return say(await reasonOf(answer));
  const { id } = (await answer.json()) as { readonly id: string };
  say("It is yours now.");
  location.assign(facts.pieces + encodeURIComponent(id));
}

/** Puts a notebook with the code among the person's own, and opens it. */
async function openNotebook(facts: Facts, { contents, open }: NonNullable<Facts["notebooks"]>, say: (text: string) => void): Promise<void> {
  const answer = await fetch(facts.notebook);
  if (!answer.ok) return say(await reasonOf(answer));
  const name = await freeName(contents, facts.title);
  const body = { type: "notebook", format: "json", content: (await answer.json()) as unknown };
  const written = await ask("PUT", contents + encodeURIComponent(name), body);
  if (!written.ok) return say(await reasonOf(written));
  location.assign(open + encodeURIComponent(name));
}

/** A file name of the title that is not taken. */
async function freeName(contents: string, title: string): Promise<string> {
  const stem = fileName(title);
  for (let at = 1; at < MOST_NAMES; at += 1) {
    const name = at === 1 ? `${stem}.ipynb` : `${stem} ${at}.ipynb`;
    const found = await fetch(`${contents}${encodeURIComponent(name)}?content=0`);
    if (!found.ok) return name;
  }
  return `${stem} ${Date.now()}.ipynb`;
}

/** A title as the name of a file: no separators, no signs that a disk minds, no leading dots. */
export function fileName(title: string): string {
  const plain = title.replace(/[\p{C}/\\:*?"<>|#%]+/gu, " ").replace(/\s+/g, " ").trim();
  return plain.replace(/^[.\s]+/, "").slice(0, 60).trim() || "music";
}

/** The form that tells the server's people of something wrong. */
function bindReport(page: Document, facts: Facts, say: (text: string) => void, signal: AbortSignal): void {
  const form = page.querySelector<HTMLFormElement>('[data-deed="report"]');
  if (form === null) return;
  const words = h("p", { class: "cmp-form-said", role: "status" });
  form.append(words);
  on(form, "submit", (event) => {
    event.preventDefault();
    void report(new FormData(form), facts).then((said) => {
      setText(words, said);
      say(said);
    });
  }, signal);
}

async function report(fields: FormData, { reports, subject }: Facts): Promise<string> {
  const reason = String(fields.get("reason") ?? "other");
  const message = String(fields.get("message") ?? "");
  const answer = await ask("POST", reports, { ...subject, reason, message }).catch(() => null);
  if (answer === null) return "The server cannot be reached. Try again later.";
  return answer.ok ? "Thank you. Somebody will look at it." : reasonOf(answer);
}
