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

/** To the audio thread. `run` comes back in the reports of what this start plays. */
export type ToEngine =
  /** From silence, at the tick; what sounds fades out first, and its first audio is fetched. */
  | ({ readonly kind: "start"; readonly run: number } & Score)
  /** A newer image of what plays, heard from the position onward. */
  | { readonly kind: "change"; readonly image: Uint8Array }
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
  /** Releases all voices; tails ring. */
  | { readonly kind: "stop" }
  /** Whether blocks of the engine's own samples are sent back. */
  | { readonly kind: "tap"; readonly on: boolean };

/** Where sound failed: the engine could not be opened, or broke while it played. */
export type FaultStage = "compile" | "render";

/** A run of the engine's own samples; `frame` counts from the last start. */
export interface TapBlock {
  readonly kind: "tap";
  readonly frame: number;
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

/** Places in a report. `frame` is the context's, at the end of the block just made. */
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
