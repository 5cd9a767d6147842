/** Fractional keys, texts with room for another between any two: the twin of domain/order.py. */

/** The digits of a key, in their order. */
export const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A key above `low` and below `high`; null is no limit. Throws RangeError where none is between. */
export function keyBetween(low: string | null, high: string | null): string {
  const below = low ?? "";
  let above = high;
  if (above !== null && below >= above) {
    throw new RangeError(`there is no key between "${below}" and "${above}"; give the lower first`);
  }
  let key = "";
  for (;;) {
    const floor = key.length < below.length ? digit(below, key.length) : 0;
    const roof = above !== null && key.length < above.length ? digit(above, key.length) : 62;
    if (roof - floor > 1) return key + DIGITS.charAt(Math.floor((floor + roof) / 2));
    key += DIGITS.charAt(floor);
    if (roof > floor) above = null;
  }
}

function digit(key: string, place: number): number {
  const found = DIGITS.indexOf(key.charAt(place));
  if (found < 0) throw new RangeError(`"${key}" is no key; it has digits and letters only`);
  return found;
}

/** `count` keys above `low`, rising. */
export function keysAfter(low: string | null, count: number): readonly string[] {
  const keys: string[] = [];
  while (keys.length < count) keys.push(keyBetween(keys.at(-1) ?? low, null));
  return keys;
}

/** Digits of a key; when one needed more, all get new keys. */
const LONGEST = 32;

/**
 * The keys to write so that `id` stands at a place among others, which are in order: its own, or,
 * where there is no short key between its neighbours, everybody's.
 */
export function ordersWith(
  others: readonly { readonly id: string; readonly order: string }[], id: string, place: number,
): ReadonlyMap<string, string> {
  const low = others[place - 1]?.order ?? null;
  const high = others[place]?.order ?? null;
  if (low === null || high === null || low < high) {
    const key = keyBetween(low, high);
    if (key.length <= LONGEST && (high === null || key < high)) return new Map([[id, key]]);
  }
  const ids = others.map((other) => other.id).toSpliced(place, 0, id);
  const keys = keysAfter(null, ids.length);
  return new Map(ids.map((each, at) => [each, keys[at] ?? ""]));
}

/** Sorts texts by their characters' numbers, as Python does, whatever alphabet they are in. */
export function compareTexts(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

/** Halves of pairs stand for characters above all others. */
function rank(code: number): number {
  if (code >= 0xe000) return code - 0x800;
  return code >= 0xd800 ? code + 0x2000 : code;
}

/** Those that stand in the order of their fractional keys; equal keys by id [DOC-14]. */
export function inOrder<T extends { readonly id: string; readonly order: string }>(
  entities: Iterable<T>,
): readonly T[] {
  return [...entities].sort(
    (a, b) => compareTexts(a.order, b.order) || compareTexts(a.id, b.id),
  );
}
