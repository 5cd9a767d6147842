/** How what is ours looks in JupyterLab, in its own colours and type. */

/** Adds rules to the page, in a way that needs no allowance for inline styles. */
export function addStyle(page: Document, rules: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  page.adoptedStyleSheets.push(sheet);
}
