/** What is played of a revision, and the time it plays in. */

import { loopScore } from "./image.js";
import type { LoopRevision } from "./loop_store.js";
import { addMetronome } from "./metronome.js";
import { NO_MIX, overlayOf } from "./personal_mix.js";
import type { ScoreImage } from "./score.js";
import type { PersonalMix } from "./shared_transport.js";
import { songScore } from "./song_image.js";
import type { SongRevision } from "./song_store.js";
import { MeterMap, TempoMap } from "./tempo_map.js";

/** A score image with its maps of time. */
export interface Performance {
  readonly score: ScoreImage;
  readonly tempo: TempoMap;
  readonly meters: MeterMap;
  /** Ticks of one pass. */
  readonly length: number;
}

/** Whether a revision is that of a song. */
export function isSong(revision: LoopRevision | SongRevision): revision is SongRevision {
  return "song" in revision;
}

/** What to play of a revision, with a mix; `audio` are blobs that keep the number they had. */
export function performanceOf(
  revision: LoopRevision | SongRevision, metronome: boolean, audio: readonly string[],
  mix: PersonalMix = NO_MIX,
): Performance {
  const { tempo, meters } = timeOf(revision);
  const score = isSong(revision)
    ? songScore(revision.song, audio, overlayOf(mix))
    : loopScore(revision, overlayOf(mix, `loop:${revision.loop.id}`));
  if (metronome) addMetronome(score, meters);
  return { score: score.image(), tempo, meters, length: score.length };
}

function timeOf(revision: LoopRevision | SongRevision): { tempo: TempoMap; meters: MeterMap } {
  if (isSong(revision)) {
    const { tempos, meters } = revision.song;
    return { tempo: new TempoMap(tempos), meters: new MeterMap(meters) };
  }
  const { loop, context } = revision;
  const bpm = loop.tempo ?? context.tempo;
  return {
    tempo: new TempoMap(new Map([[0, { bpm, ramp: false }]])),
    meters: new MeterMap(new Map([[0, loop.meter ?? context.meter]])),
  };
}
