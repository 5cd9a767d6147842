/** One's own mix of what all hear: laid over the score image, never in the document. */

import type { Value } from "../gen/models.js";
import type { Overlay } from "./score.js";
import type { PersonalMix } from "./shared_transport.js";

type Parts = Omit<PersonalMix, "isEmpty">;

function mixOf(parts: Parts): PersonalMix {
  const { muted, soloed, volumes, effects } = parts;
  return { ...parts, isEmpty: muted.size + soloed.size + volumes.size + effects.size === 0 };
}

/** Everything as the document has it. */
export const NO_MIX = mixOf({
  muted: new Set(), soloed: new Set(), volumes: new Map(), effects: new Map(),
});

/** The mix with a strip silent for me, or not. */
export function withMuted(mix: PersonalMix, strip: string, muted: boolean): PersonalMix {
  return mixOf({ ...mix, muted: withMember(mix.muted, strip, muted) });
}

/** The mix in which I hear a strip, and of the others those alone that are soloed too. */
export function withSoloed(mix: PersonalMix, strip: string, soloed: boolean): PersonalMix {
  return mixOf({ ...mix, soloed: withMember(mix.soloed, strip, soloed) });
}

/** The mix with a volume of mine, 0 … 1; null goes back to the document's. */
export function withVolume(mix: PersonalMix, strip: string, volume: number | null): PersonalMix {
  const mine = volume === null ? null : Math.min(Math.max(volume, 0), 1);
  return mixOf({ ...mix, volumes: withEntry(mix.volumes, strip, mine) });
}

/** The mix with a setting of mine, as "filter.freq"; null goes back to the document's. */
export function withEffect(
  mix: PersonalMix, strip: string, setting: string, value: Value | null,
): PersonalMix {
  const settings = withEntry(mix.effects.get(strip) ?? new Map<string, Value>(), setting, value);
  return mixOf({ ...mix, effects: withEntry(mix.effects, strip, settings.size ? settings : null) });
}

/**
 * What a mix lays over the strips of an image. Those of a loop that plays alone are called as they
 * are in the song: `within` is the loop's name there.
 */
export function overlayOf(mix: PersonalMix, within: string | null = null): Overlay | undefined {
  if (mix.isEmpty) return undefined;
  return (strip) => settingsOf(mix, nameOf(strip, within));
}

function nameOf(strip: string, within: string | null): string {
  if (within === null) return strip === "" ? "master" : strip;
  return strip === "" ? within : `${within}/${strip}`;
}

function settingsOf(mix: PersonalMix, strip: string): ReadonlyMap<string, Value> {
  const settings = new Map<string, Value>(mix.effects.get(strip));
  const volume = mix.volumes.get(strip);
  if (volume !== undefined) settings.set("amp.level", volume);
  if (mix.muted.has(strip)) settings.set("amp.mute", true);
  if (mix.soloed.has(strip)) settings.set("amp.solo", true);
  return settings;
}

function withMember(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  const rest = [...set].filter((other) => other !== member);
  return new Set(isIn ? [...rest, member] : rest);
}

function withEntry<T>(
  map: ReadonlyMap<string, T>, key: string, value: T | null,
): ReadonlyMap<string, T> {
  const rest = [...map].filter(([other]) => other !== key);
  return new Map(value === null ? rest : [...rest, [key, value]]);
}
