/** An address to copy: shown whole, selected by a click, copied by its button. */

import { Clipboard } from "@jupyterlab/apputils";
import { copyIcon } from "@jupyterlab/ui-components";
import type { Announcer } from "./announcer.js";
import { h, iconButton } from "./element.js";

/** A field with the address and its button; `note` stands below. */
export function copyField(address: string, note: string, announcer: Announcer, name = "The link"): HTMLElement {
  const field = h("input", {
    type: "text",
    readonly: true,
    value: address,
    class: "jp-mod-styled",
    "aria-label": name,
  });
  field.addEventListener("focus", () => field.select());
  const copy = iconButton(copyIcon, `Copy ${name.charAt(0).toLowerCase()}${name.slice(1)}`, () => {
    Clipboard.copyToSystem(address);
    announcer.say("The link is copied");
  });
  return h(
    "div",
    { class: "cl-made" },
    h("div", { class: "cl-row" }, field, copy),
    h("p", { class: "cl-soft" }, note),
  );
}
