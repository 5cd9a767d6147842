/** What a stroke of the pointer over the grid does, cell by cell, told without the page. */

/** The grid's cell under the pointer. */
export interface Spot {
  readonly row: string;
  readonly cell: number;
}

export type Stroke =
  | { readonly kind: "paint"; readonly velocity: number }
  | { readonly kind: "erase" }
  | { readonly kind: "velocity" }
  | { readonly kind: "undecided" };

/** How far, in pixels, a pointer moves before a press becomes a drag. */
export const SLACK = 4;

/**
 * The stroke that a press begins. An empty cell paints and a filled one waits for a direction; a
 * finger always waits, because it may be about to scroll the page.
 */
export function beginStroke(filled: boolean, finger: boolean, velocity: number): Stroke {
  return filled || finger ? { kind: "undecided" } : { kind: "paint", velocity };
}

/** How far the pointer of a press has come, in pixels, and whether it left the first cell. */
export interface Way {
  readonly up: number;
  readonly across: number;
  readonly leftTheCell: boolean;
}

/**
 * What an undecided press becomes: reaching another cell erases from a filled cell on and paints
 * from an empty one on; up and down on a filled cell is velocity.
 */
export function decideStroke(filled: boolean, way: Way, velocity: number): Stroke {
  const steep = Math.abs(way.up) > SLACK && Math.abs(way.up) > Math.abs(way.across);
  if (filled && steep) return { kind: "velocity" };
  if (!way.leftTheCell || (!filled && steep)) return { kind: "undecided" };
  return filled ? { kind: "erase" } : { kind: "paint", velocity };
}

/** The spots between two samples of a fast pointer; a change of row takes the last spot alone. */
export function spotsBetween(from: Spot | null, to: Spot): readonly Spot[] {
  if (from === null || from.row !== to.row) return [to];
  const direction = Math.sign(to.cell - from.cell);
  const spots: Spot[] = [];
  for (let cell = from.cell; cell !== to.cell; cell += direction) {
    spots.push({ row: to.row, cell: cell + direction });
  }
  return spots;
}
