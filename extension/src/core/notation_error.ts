/** A text that does not read: what was wrong, where (columns count from 1), and the cure. */
export class NotationError extends Error {
  constructor(
    readonly problem: string,
    readonly text: string,
    readonly column: number,
    readonly cure: string,
  ) {
    super(`${problem} (in '${text}', column ${column}). ${cure}`);
    this.name = "NotationError";
  }
}
