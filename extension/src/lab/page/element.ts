/** Builds elements. Text of people always becomes text nodes. */

import type { LabIcon } from "@jupyterlab/ui-components";

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** An element; `true` writes an empty attribute, `false` and `null` leave it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children);
  return element;
}

/** A button with words on it. */
export function textButton(
  words: string,
  act: () => unknown,
  attributes: Attributes = {},
): HTMLButtonElement {
  const button = h("button", { type: "button", class: "cl-button", ...attributes }, words);
  button.addEventListener("click", () => void act());
  return button;
}

/** A button with a picture; `words` are its name and its tip. */
export function iconButton(
  icon: LabIcon,
  words: string,
  act: (button: HTMLButtonElement) => unknown,
  attributes: Attributes = {},
): HTMLButtonElement {
  const button = h("button", {
    type: "button",
    class: "cl-icon-button",
    "aria-label": words,
    title: words,
    ...attributes,
  });
  button.append(icon.element({ tag: "span" }));
  button.addEventListener("click", () => void act(button));
  return button;
}

/** A choice from a list, as values with their words. */
export function choice(
  label: string,
  options: Readonly<Record<string, string>>,
  chosen: string,
  attributes: Attributes = {},
): HTMLSelectElement {
  const select = h("select", { class: "cl-select", "aria-label": label, ...attributes });
  for (const [value, words] of Object.entries(options)) {
    select.append(h("option", { value }, words));
  }
  select.value = chosen;
  return select;
}

/** A box to tick, with its words beside it. */
export function tick(words: string, checked: boolean, attributes: Attributes = {}): {
  readonly element: HTMLLabelElement;
  readonly box: HTMLInputElement;
} {
  const box = h("input", { type: "checkbox", ...attributes });
  box.checked = checked;
  return { element: h("label", { class: "cl-tick" }, box, words), box };
}
