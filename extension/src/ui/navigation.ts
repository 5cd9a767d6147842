/** Where a key moves the grid's cursor. Columns below 0 are the buttons of the row's head. */

import type { Geometry } from "./geometry.js";

/** The head's buttons from left to right: name, mute, solo. */
export const HEAD = { name: -3, mute: -2, solo: -1 } as const;

export interface Cursor {
  readonly row: number;
  readonly column: number;
}

/** The cursor after a key, or null when the key moves nothing. */
export function moveCursor(
  cursor: Cursor,
  key: string,
  rows: number,
  geometry: Geometry,
): Cursor | null {
  const column = columnAfter(cursor.column, key, geometry);
  const row = rowAfter(cursor.row, key);
  if (column === null && row === null) return null;
  return clampCursor({ row: row ?? cursor.row, column: column ?? cursor.column }, rows, geometry);
}

function rowAfter(row: number, key: string): number | null {
  if (key === "ArrowUp") return row - 1;
  return key === "ArrowDown" ? row + 1 : null;
}

function columnAfter(column: number, key: string, geometry: Geometry): number | null {
  const bar = geometry.stepsPerBar;
  switch (key) {
    case "ArrowLeft":
      return column - 1;
    case "ArrowRight":
      return column + 1;
    case "Home":
      return column > 0 ? 0 : HEAD.name;
    case "End":
      return geometry.cells - 1;
    case "PageUp":
      return Math.max(0, column - bar);
    case "PageDown":
      return Math.min(geometry.cells - 1, Math.max(0, column) + bar);
    default:
      return null;
  }
}

/** The nearest cursor that exists. */
export function clampCursor(cursor: Cursor, rows: number, geometry: Geometry): Cursor {
  return {
    row: Math.max(0, Math.min(rows - 1, cursor.row)),
    column: Math.max(HEAD.name, Math.min(geometry.cells - 1, cursor.column)),
  };
}
