/** What a field shows of the document: the newest, unless somebody is writing another value into it. */

const shown = new WeakMap<HTMLElement, string>();

/**
 * Shows a value; what was typed and is not done yet stays.
 *
 * In a field with the focus it is selected: what is typed next stands instead of it, not behind it.
 */
export function showValue(control: HTMLInputElement | HTMLSelectElement, value: string): void {
  const hasFocus = control instanceof HTMLInputElement && control.matches(":focus");
  if (hasFocus && control.value !== value && control.value !== shown.get(control)) return;
  if (control.value !== value) {
    control.value = value;
    if (hasFocus) control.select();
  }
  shown.set(control, value);
}
