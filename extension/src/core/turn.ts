/** Whose turn it is to sound on this page: who begins says so, and whatever else sounds stops. */

const TURN = "cellissimo:turn";

const voices = new EventTarget();
const KEY = Symbol.for("cellissimo.turns");
const shared = globalThis as { [KEY]?: EventTarget };

/** One for the page, however many bundles are on it. */
function turns(): EventTarget {
  return (shared[KEY] ??= voices);
}

/** Says that `who` sounds from now on. */
export function takeTurn(who: object): void {
  turns().dispatchEvent(new CustomEvent<object>(TURN, { detail: who }));
}

/** Calls back when anything but `who` begins to sound, until the signal ends it. */
export function onTurnLost(who: object, lost: () => void, signal?: AbortSignal): void {
  const heard = (event: Event): void => {
    if ((event as CustomEvent<object>).detail !== who) lost();
  };
  turns().addEventListener(TURN, heard, signal === undefined ? {} : { signal });
}
