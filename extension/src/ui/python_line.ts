/** The line of Python of the last gesture, with a button that copies it. */

import { h, on, setText } from "./dom.js";
import { glyph } from "./glyphs.js";

const INVITATION = "every change you make is a line of Python";
const LOCKED = "a saved view: run the cell to change it";

export interface PythonLine {
  readonly element: HTMLElement;
  show(code: string): void;
  /** Says instead that nothing can be changed here; nothing where the view says why. */
  allow(editable: boolean, isClosed?: boolean): void;
}

export function createPythonLine(
  announce: (text: string) => void,
  signal: AbortSignal,
): PythonLine {
  const code = h("code", { class: "cm-python-code" }, INVITATION);
  const copy = h(
    "button",
    { class: "cm-quiet cm-python-copy", type: "button", "aria-label": "Copy this line of Python" },
    glyph("copy"),
  );
  copy.hidden = true;
  const element = h("div", { class: "cm-python" }, glyph("prompt"), code, copy);
  on(copy, "click", () => void copyText(code.textContent ?? "", announce), signal);
  return {
    element,
    show(text: string): void {
      setText(code, text);
      code.title = text;
      copy.hidden = false;
      element.classList.add("cm-has-code");
    },
    allow(editable: boolean, isClosed = false): void {
      element.hidden = isClosed;
      if (!element.classList.contains("cm-has-code")) setText(code, editable ? INVITATION : LOCKED);
    },
  };
}

async function copyText(text: string, announce: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied");
  } catch {
    announce("The browser did not allow copying. Select the line and copy it by hand.");
  }
}
