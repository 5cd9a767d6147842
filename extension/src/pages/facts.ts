/** What the server tells the page about itself, beside what everybody can read on it. */

/** What a page shows, and where it gets the rest. Addresses are of this server alone. */
export interface Facts {
  readonly kind: "loop" | "song";
  readonly title: string;
  /** Whether the page stands in somebody else's page. */
  readonly embedded: boolean;
  /** "#rrggbb", or null for the music's own colour. */
  readonly accent: string | null;
  /** Where the document comes from, as one update. */
  readonly document: string;
  /** Where recordings come from, by name. */
  readonly blobs: string;
  /** Where outlines of recordings come from, by name. */
  readonly outlines: string;
  /** Where a copy is made; null where it may not be. */
  readonly fork: string | null;
  /** Where a visitor becomes a guest, who can keep a copy. */
  readonly guests: string;
  /** Where a copy is seen, by its id. */
  readonly pieces: string;
  /** Where something wrong is told, and of what. */
  readonly reports: string;
  readonly subject: Readonly<Record<string, string>>;
  /** The folder of this person's notebooks and where one is opened; null for visitors. */
  readonly notebooks: { readonly contents: string; readonly open: string } | null;
  readonly notebook: string;
}

/** The facts of this page. */
export function factsOf(page: Document): Facts {
  const text = page.getElementById("cellissimo-facts")?.textContent;
  if (text == null) throw new Error("the page says nothing about itself: reload it");
  return JSON.parse(text) as Facts;
}
