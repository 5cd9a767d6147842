/** Lets one of two versions be heard, which lie side by side on the channels of one recording. */

/** Time constant of the fade from one to the other: too short to hear, too long to click. */
const FADE_S = 0.006;

/** The versions' ways to the loudspeaker. */
export interface Comparison {
  /** Linear gain of each version. */
  setGains(gains: readonly number[]): void;
  close(): void;
}

/** Leads the element through a context, where each version has a fader. */
export function openComparison(
  context: AudioContext, audio: HTMLAudioElement, versions: number,
): Comparison {
  const element = new MediaElementAudioSourceNode(context, { mediaElement: audio });
  const apart = new ChannelSplitterNode(context, { numberOfOutputs: 2 * versions });
  element.connect(apart);
  const faders = Array.from({ length: versions }, (_, version) => {
    const pair = new ChannelMergerNode(context, { numberOfInputs: 2 });
    apart.connect(pair, 2 * version, 0);
    apart.connect(pair, 2 * version + 1, 1);
    const fader = new GainNode(context, { gain: 0 });
    pair.connect(fader).connect(context.destination);
    return fader;
  });
  return {
    setGains: (gains) => {
      faders.forEach(({ gain }, at) => gain.setTargetAtTime(gains[at] ?? 0, context.currentTime, FADE_S));
    },
    close: () => {
      element.disconnect();
      for (const fader of faders) fader.disconnect();
    },
  };
}
