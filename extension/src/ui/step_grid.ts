/** The icon step grid: rows of real buttons with one cursor for the keyboard. */

import type { LoopRevision } from "../core/loop_store.js";
import { removeStepLine, setStepLine } from "./code_lines.js";
import { h, on, setAttribute } from "./dom.js";
import { geometryOf, sameGeometry, type Geometry } from "./geometry.js";
import { HEAD, clampCursor, type Cursor } from "./navigation.js";
import { hasSolo, rowsOf, type Row } from "./rows.js";
import { createRowDrawer, type RowDrawer } from "./row_drawer.js";
import { audition, perform, type Part, type Scene } from "./scene.js";
import { gridKey } from "./step_keys.js";
import { listenToPointer, spotOf, type Canvas } from "./step_pointer.js";
import { createStepPanel, type StepPanel } from "./step_panel.js";
import { createStepRow, type StepRow } from "./step_row.js";
import { createVelocityBubble } from "./velocity_bubble.js";
import { USUAL, stepOf } from "./velocity.js";

export interface StepGrid extends Part {
  /** Adds a row for a sound that the loop does not use yet, and goes there. */
  addRow(name: string): void;
  /** Lets the steps of a column pop as they sound. */
  pop(cell: number): void;
  readonly rowNames: readonly string[];
}

export function createStepGrid(scene: Scene): StepGrid {
  const grid = new Grid(scene);
  return grid;
}

class Grid implements StepGrid, Canvas {
  readonly element = h("div", { class: "cm-grid", role: "grid", "aria-label": "Steps" });
  readonly chosen = new Map<string, number>();
  geometry: Geometry;
  cursor: Cursor = { row: 0, column: 0 };
  rowNames: readonly string[] = [];
  private readonly rows = new Map<string, StepRow>();
  /** Rows that were added or visited by hand: they stay, also when their last step goes. */
  private readonly kept = new Set<string>();
  private readonly bubble = createVelocityBubble();
  private readonly panel: StepPanel;
  private drawer: RowDrawer | null = null;
  private focusable: HTMLElement | null = null;

  constructor(private readonly scene: Scene) {
    this.geometry = geometryOf(scene.store.revision);
    this.panel = createStepPanel(scene);
    this.element.append(this.bubble.element);
    scene.root.append(this.panel.element);
    let pressed = false;
    on(this.element, "pointerdown", () => { pressed = true; }, scene.signal, { capture: true });
    for (const type of ["pointercancel", "keydown"] as const) {
      on(this.element, type, () => { pressed = false; }, scene.signal, { capture: true });
    }
    on(this.element, "click", (event) => {
      if (!pressed) this.toggleAt(event);
      pressed = false;
    }, scene.signal);
    on(this.element, "keydown", (event) => this.onKey(event), scene.signal);
    on(this.element, "focusin", (event) => this.adopt(event.target), scene.signal);
    on(this.element, "contextmenu", (event) => {
      const spot = spotOf(event.target);
      if (spot === null) return;
      event.preventDefault();
      if ((event as PointerEvent).pointerType === "touch") return;
      this.focusCell(spot.row, spot.cell);
      this.openStep();
    }, scene.signal);
    listenToPointer(scene, this);
  }

  openStep(): void {
    const row = this.rowNames[this.cursor.row];
    const button = this.buttonAt(this.cursor);
    if (row !== undefined && button !== null) this.panel.open(this.geometry, row, this.cursor.column, button);
  }

  update(revision: LoopRevision): void {
    const geometry = geometryOf(revision);
    const reshaped = !sameGeometry(geometry, this.geometry);
    this.geometry = geometry;
    const hadFocus = this.element.contains(this.element.ownerDocument.activeElement);
    const rows = rowsOf(revision.loop, this.kept, this.scene.refusal === undefined);
    this.arrange(rows, reshaped);
    const anySolo = hasSolo(revision.loop);
    for (const row of rows) this.rows.get(row.name)?.update(revision.loop, row, anySolo);
    this.drawer?.update(revision);
    setAttribute(this.element, "aria-rowcount", rows.length);
    this.park(hadFocus && reshaped);
  }

  addRow(name: string): void {
    this.kept.add(name);
    this.update(this.scene.store.revision);
    this.moveTo({ row: this.rowNames.indexOf(name), column: 0 });
    this.scene.announce(`${name} added`);
  }

  pop(cell: number): void {
    for (const row of this.rows.values()) row.pop(cell);
  }

  focusCell(row: string, cell: number): void {
    this.moveTo({ row: this.rowNames.indexOf(row), column: cell });
  }

  showVelocity(spot: { row: string; cell: number } | null, face: number): void {
    const button = spot === null ? undefined : this.rows.get(spot.row)?.cells[spot.cell];
    this.bubble.show(button ?? null, face);
  }

  moveTo(cursor: Cursor): void {
    this.cursor = clampCursor(cursor, this.rowNames.length, this.geometry);
    this.park(true);
  }

  /** Keeps the rows in order, building and dropping only what came and went. */
  private arrange(rows: readonly Row[], reshaped: boolean): void {
    const names = rows.map((row) => row.name);
    const standing = this.rowNames[this.cursor.row];
    for (const [name, row] of this.rows) {
      if (names.includes(name)) continue;
      if (this.drawer?.name === name) this.closeDrawer(this.drawer);
      row.element.remove();
      this.rows.delete(name);
    }
    for (const name of names) this.ensureRow(name, reshaped);
    if (names.join() !== this.rowNames.join()) this.order(names);
    this.rowNames = names;
    const row = standing === undefined ? -1 : names.indexOf(standing);
    this.cursor = clampCursor({ ...this.cursor, row: row < 0 ? this.cursor.row : row }, names.length, this.geometry);
  }

  private ensureRow(name: string, reshaped: boolean): void {
    const known = this.rows.get(name);
    if (known !== undefined) {
      if (reshaped) known.shape(this.geometry);
      return;
    }
    const row = createStepRow(this.scene, name, () => this.toggleDrawer(name));
    row.shape(this.geometry);
    this.rows.set(name, row);
  }

  /** Puts the rows in order; one that already stands right is not moved, so focus stays. */
  private order(names: readonly string[]): void {
    let before: Element | null = this.element.firstElementChild;
    for (const name of names) {
      const element = this.rows.get(name)?.element;
      if (element === undefined) continue;
      if (element === before) before = before.nextElementSibling;
      else this.element.insertBefore(element, before);
      if (this.drawer?.name === name) {
        if (this.drawer.element === before) before = before.nextElementSibling;
        else element.after(this.drawer.element);
      }
    }
  }

  /** Makes the cursor's button the one that Tab reaches. */
  private park(focus: boolean): void {
    const button = this.buttonAt(this.cursor);
    if (button === null) return;
    if (this.focusable !== button) this.focusable?.setAttribute("tabindex", "-1");
    this.focusable = button;
    setAttribute(button, "tabindex", 0);
    if (!focus) return;
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private buttonAt(cursor: Cursor): HTMLElement | null {
    const row = this.rows.get(this.rowNames[cursor.row] ?? "");
    const button = cursor.column < 0 ? row?.head.buttons[cursor.column - HEAD.name] : row?.cells[cursor.column];
    return button ?? null;
  }

  /** The cursor follows focus that came by a click or a screen reader. */
  private adopt(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return;
    const name = target.closest<HTMLElement>("[data-row]")?.dataset["row"];
    if (name === undefined) return;
    this.kept.add(name);
    const row = this.rowNames.indexOf(name);
    const spot = spotOf(target);
    const place = this.rows.get(name)?.head.buttons.indexOf(target as HTMLButtonElement) ?? -1;
    if (spot !== null) this.cursor = { row, column: spot.cell };
    else if (place >= 0) this.cursor = { row, column: HEAD.name + place };
    else return;
    this.park(false);
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest(".cm-drawer") !== null || target instanceof HTMLInputElement) return;
    if (gridKey(this.scene, this, event)) event.preventDefault();
  }

  /** A click that no pointer made: a key, or a screen reader. */
  private toggleAt(event: MouseEvent): void {
    const spot = spotOf(event.target);
    if (spot === null) return;
    const { row, cell } = spot;
    const filled = this.scene.store.revision.loop.steps.has(`${row}/${cell}`);
    const step = filled ? null : stepOf(this.chosen.get(row) ?? USUAL);
    const code = step === null ? removeStepLine(row, cell) : setStepLine(row, cell, step);
    perform(this.scene, code, `${row} ${step === null ? "off" : "on"}`, (edit) => edit.setStep(row, cell, step));
    if (step !== null) audition(this.scene, row, cell);
  }

  private closeDrawer(drawer: RowDrawer): void {
    const hadFocus = drawer.element.contains(drawer.element.ownerDocument.activeElement);
    this.drawer = null;
    drawer.close();
    const opener = this.rows.get(drawer.name)?.head.buttons[0];
    if (opener === undefined) return;
    setAttribute(opener, "aria-expanded", "false");
    if (hadFocus) this.moveTo({ row: this.rowNames.indexOf(drawer.name), column: HEAD.name });
  }

  private toggleDrawer(name: string): void {
    const wasOpen = this.drawer?.name === name;
    if (this.drawer !== null) this.closeDrawer(this.drawer);
    if (wasOpen) return;
    const row = this.rows.get(name);
    if (row === undefined) return;
    this.drawer = createRowDrawer(this.scene, name, () => this.toggleDrawer(name));
    row.element.after(this.drawer.element);
    setAttribute(row.head.buttons[0], "aria-expanded", "true");
    this.drawer.update(this.scene.store.revision);
  }
}
