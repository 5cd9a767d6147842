/**
 * The service worker of jam pages: keeps the page itself, its script, style and icons, so that it
 * opens where nothing can be reached. Nothing else passes through it: no music, answer or ticket.
 */

interface Worker {
  /** The files of the page, as the server has written them before this script. */
  readonly FILES: readonly string[];
  readonly location: { readonly pathname: string };
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, heard: (event: Extended) => void): void;
}

interface Extended {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;
const PREFIX = "cellissimo-jam ";
/** One link's page, with the files of this version. */
const KEPT = `${PREFIX}${worker.registration.scope}`;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (worker.FILES.includes(pathname)) event.respondWith(file(request));
});

async function install(): Promise<void> {
  const kept = await caches.open(KEPT);
  await kept.addAll([...worker.FILES]);
  await keepPage(kept, await fetch(worker.registration.scope, { credentials: "same-origin" }));
  await worker.skipWaiting();
}

/** Files of older versions go. */
async function activate(): Promise<void> {
  const kept = await caches.open(KEPT);
  const wanted = new Set([...worker.FILES, new URL(worker.registration.scope).pathname]);
  for (const request of await kept.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await kept.delete(request);
  }
  await worker.clients.claim();
}

/** The page as the server gives it; as it was last, where the server cannot be reached. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    await keepPage(kept, answer);
    return answer;
  } catch (error) {
    const last = await kept.match(worker.registration.scope);
    if (last === undefined) throw error;
    return last;
  }
}

/** A link that has ended takes its page along. */
async function keepPage(kept: Cache, answer: Response): Promise<void> {
  if (answer.ok) await kept.put(worker.registration.scope, answer.clone());
  else if (answer.status === 404) await kept.delete(worker.registration.scope);
}

/** Files never change under their names. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  return (await kept.match(request.url)) ?? fetch(request);
}
