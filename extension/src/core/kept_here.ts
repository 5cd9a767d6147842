/** Whether this browser keeps the songs of rooms: on a computer of several people it need not. */

/** Where the choice stands, in the browser's own settings. */
const CHOICE = "cellissimo:keeps-songs";

/** The browser's database of what it keeps. */
export const KEPT_SONGS = "cellissimo";

/** Yes, unless somebody has said no. */
export function keepsSongs(settings: Pick<Storage, "getItem">): boolean {
  return settings.getItem(CHOICE) !== "no";
}

export function setKeepsSongs(settings: Pick<Storage, "setItem">, keeps: boolean): void {
  settings.setItem(CHOICE, keeps ? "yes" : "no");
}
