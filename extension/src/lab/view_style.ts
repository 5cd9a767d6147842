/** How displays look in JupyterLab, in its own colours and type. */

import rules from "./view.css";

/** Adds the rules to the page, in a way that needs no allowance for inline styles. */
export function addViewStyle(page: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  page.adoptedStyleSheets.push(sheet);
}
