/** What the server tells a jam page about itself. */

export interface JamFacts {
  /** The piece that is played here. */
  readonly piece: string;
  readonly kind: "loop" | "song";
  readonly title: string;
  /** The share link that opens it. */
  readonly link: string;
  /** The server's path: what stands before "cellissimo/". */
  readonly base: string;
  /** The page's own path, and the reach of its worker. */
  readonly here: string;
  /** Where recordings and their outlines come from, by name. */
  readonly blobs: string;
  readonly outlines: string;
  readonly worker: string;
  /** What whoever is signed in is called; null for visitors, who choose a name. */
  readonly name: string | null;
}

export function factsOf(page: Document): JamFacts {
  const text = page.getElementById("cellissimo-facts")?.textContent;
  if (text == null) throw new Error("the page says nothing about itself: reload it");
  return JSON.parse(text) as JamFacts;
}
