/** The keys of the grid: one cursor that moves, and what it does where it stands. */

import { setStepLine } from "./code_lines.js";
import { sayCell, type Geometry } from "./geometry.js";
import { HEAD, moveCursor, type Cursor } from "./navigation.js";
import { toggleMute, toggleSolo } from "./row_head.js";
import { audition, perform, type Scene } from "./scene.js";
import { faceOf, nudged } from "./velocity.js";

/** What the keys need of the grid. */
export interface Board {
  readonly cursor: Cursor;
  readonly rowNames: readonly string[];
  readonly geometry: Geometry;
  readonly chosen: Map<string, number>;
  moveTo(cursor: Cursor): void;
  /** Opens the fields of the step under the cursor. */
  openStep(): void;
}

/** Does what the key says; true if the grid used it. */
export function gridKey(scene: Scene, board: Board, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const row = board.rowNames[board.cursor.row];
  if (row === undefined) return false;
  const louder = velocityKey(event);
  if (louder !== 0) return changeVelocity(scene, board, row, louder);
  const moved = moveCursor(board.cursor, event.key, board.rowNames.length, board.geometry);
  if (moved !== null) {
    board.moveTo(moved);
    return true;
  }
  if ((event.key === "e" || event.key === "E") && board.cursor.column >= 0) {
    board.openStep();
    return true;
  }
  return rowKey(scene, row, event.key);
}

function rowKey(scene: Scene, row: string, key: string): boolean {
  if (key === "m" || key === "M") toggleMute(scene, row);
  else if (key === "s" || key === "S") toggleSolo(scene, row);
  else return false;
  return true;
}

/** Up with Shift or + is louder, down with Shift or − softer. */
function velocityKey(event: KeyboardEvent): number {
  if (event.key === "+" || event.key === "=") return 1;
  if (event.key === "-" || event.key === "_") return -1;
  if (!event.shiftKey) return 0;
  return event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
}

function changeVelocity(scene: Scene, board: Board, row: string, by: number): boolean {
  const cell = board.cursor.column;
  if (cell < 0) return false;
  const step = scene.store.revision.loop.steps.get(`${row}/${cell}`);
  if (step === undefined) {
    scene.announce(`${sayCell(board.geometry, cell)} is off`);
    return true;
  }
  const louder = { ...step, velocity: nudged(step.velocity, by) };
  perform(scene, setStepLine(row, cell, louder), `velocity ${faceOf(louder.velocity)}`,
    (edit) => edit.setStep(row, cell, louder));
  board.chosen.set(row, louder.velocity);
  audition(scene, row, cell);
  return true;
}

/** Whether the cursor stands in a row's head. */
export function isInHead(cursor: Cursor): boolean {
  return cursor.column <= HEAD.solo;
}
