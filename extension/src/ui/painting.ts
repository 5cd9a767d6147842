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

/** The stroke that a press begins: an empty cell paints, a filled one waits for a direction. */
export function beginStroke(filled: boolean, velocity: number): Stroke {
  return filled ? { kind: "undecided" } : { kind: "paint", velocity };
}

/** What an undecided press becomes: up and down is velocity, reaching another cell erases. */
export function decideStroke(rise: number, leftTheCell: boolean, across: number): Stroke {
  if (Math.abs(rise) > SLACK && Math.abs(rise) > Math.abs(across)) return { kind: "velocity" };
  return leftTheCell ? { kind: "erase" } : { kind: "undecided" };
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
