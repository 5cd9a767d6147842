/** What the page and the engine on the audio thread say to each other. */

import { STRIPS } from "../gen/limits.js";

/** Ticks between which it plays; null is the whole. */
export type Region = readonly [number, number] | null;

/** A score image and how it is played. */
export interface Score {
  readonly image: Uint8Array;
  /** Round and round, or once. */
  readonly looping: boolean;
  /** The tick to begin at; 0 unless said. */
  readonly from?: number;
  readonly region?: Region;
  /** An image that is played once before, to its last frame. */
  readonly countIn?: Uint8Array | null;
}

/** Where a start falls in with what all play together. */
export interface Entry {
  /** The context's frame at which it begins. */
  readonly context: number;
  /** The number of that frame in what all play: changes are told by such numbers. */
  readonly frame: number;
  /** How often what all play has gone round before. */
  readonly rounds: number;
  /** Whether the recordings of what plays have the same numbers in it, and are kept. */
  readonly keeps: boolean;
}

/** To the audio thread. `run` comes back in the reports of what this start plays. */
export type ToEngine =
  /**
   * From silence, at the tick; what sounds fades out first, and its first audio is fetched. With an
   * entry it begins on that frame, whatever has come of its audio.
   */
  | ({ readonly kind: "start"; readonly run: number; readonly entry?: Entry } & Score)
  /**
   * A newer image of what plays, heard from the position onward, or from the frame `at` of what all
   * play.
   */
  | { readonly kind: "change"; readonly image: Uint8Array; readonly at?: number }
  /** One pass of this image at once, beside what still rings. */
  | { readonly kind: "audition"; readonly image: Uint8Array }
  | { readonly kind: "seek"; readonly tick: number }
  | { readonly kind: "region"; readonly region: Region; readonly looping: boolean }
  /** An answer to `wanted`: left then right; null where there is no such page to be had. */
  | {
      readonly kind: "page";
      readonly run: number;
      readonly audio: number;
      readonly page: number;
      readonly samples: Float32Array | null;
    }
  /** Releases all voices, at once or at the frame `at` of what all play; tails ring. */
  | { readonly kind: "stop"; readonly at?: number }
  /** What is heard gains so many frames, or loses them where they are below 0, unnoticed. */
  | { readonly kind: "slide"; readonly frames: number }
  /** Whether blocks of the engine's own samples are sent back. */
  | { readonly kind: "tap"; readonly on: boolean };

/** Where sound failed: the engine could not be opened, or broke while it played. */
export type FaultStage = "compile" | "render";

/** A run of the engine's own samples; `frame` counts from the last start. */
export interface TapBlock {
  readonly kind: "tap";
  readonly frame: number;
  /** The context's frame of the first. */
  readonly context: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/**
 * A newer image was taken, or after the count-in the first, `frame` frames after the last start;
 * told while the tap is on.
 */
export interface TapMark {
  readonly kind: "changed" | "began";
  readonly frame: number;
}

/** A page of audio by the audio's number in the image. */
export type PageName = readonly [audio: number, page: number];

/** From the audio thread. A bare `Float64Array` is a report, laid out as `REPORT`. */
export type FromEngine =
  | Float64Array
  | TapBlock
  | TapMark
  | { readonly kind: "ready" }
  /** Pages of audio that will be needed soon. */
  | { readonly kind: "wanted"; readonly run: number; readonly pages: readonly PageName[] }
  /** What was played once is over; its tails ring. */
  | { readonly kind: "ended"; readonly run: number }
  /** Nothing sounds, and nothing will before the next message. */
  | { readonly kind: "resting" }
  | { readonly kind: "refused"; readonly code: number; readonly live: boolean }
  | { readonly kind: "fault"; readonly stage: FaultStage; readonly message: string };

/** Places in a report. `frame` is the context's at which the tick is heard: where a block ends. */
export const REPORT = {
  frame: 0,
  /** Below 0 where nothing plays yet, or no more. */
  tick: 1,
  pass: 2,
  run: 3,
  /** Frames that were silent because their audio was not there in time. */
  missed: 4,
  peaks: 5,
} as const;

/** Strips that a report has peaks of, the master first. */
export const MOST_STRIPS = STRIPS;

/** What the worklet node is made with. `start` is there where no message can come in time. */
export interface EngineOptions {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly start?: Score & { readonly audio?: readonly (readonly Float32Array[])[] };
}

/** The name under which the processor is registered. */
export const PROCESSOR = "cellissimo-engine";
